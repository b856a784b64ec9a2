-- From the fields of each product to who sent what to whom, and when: one row for each event.
-- Reads three tables: `event`, whose columns are all text and null where an event has no such
-- field; `known_address`, the one spelling of every text that is an address, whether it is inside,
-- and whether it is that of one host other than the one that asks; and `list_row`, the addresses that the lists hold, each with the last day of its row.
--
-- Each source is a view with what its manual says of it:
--   product         what it is; host and product together are the sensor
--   stamp           whether _time is the begin of a flow or its end
--   reports_after   seconds after which it reports a flow that is still open; null: it never does
--   still_open      whether this row is such a report, with the bytes so far
--   pieces          whether a row is only a piece of a flow, one way, with the bytes of the piece

CREATE OR REPLACE TEMP MACRO bytes_or_null(text) AS TRY_CAST(text AS DOUBLE);

-- Zeek reckons bytes from sequence numbers, which a lost packet can move by gigabytes: no more was
-- sent than the IP packets held. A negative count says nothing.
CREATE OR REPLACE TEMP MACRO carried(count, held) AS CASE
    WHEN bytes_or_null(held) > 0 AND bytes_or_null(held) < bytes_or_null(count)
    THEN bytes_or_null(held)
    WHEN bytes_or_null(count) >= 0 THEN bytes_or_null(count)
END;

-- Where the packets' bytes are not counted, each side bears its share of the bytes that were missed.
CREATE OR REPLACE TEMP MACRO carried_but(count, held, lost) AS CASE
    WHEN bytes_or_null(held) > 0 OR lost IS NULL THEN carried(count, held)
    WHEN lost <= 1 THEN round(carried(count, NULL) * (1 - lost))
END;

CREATE OR REPLACE TEMP VIEW zeek AS
SELECT
    _time, host, sourcetype,
    'zeek' AS log,
    'zeek' AS product,
    'begin' AS stamp,
    -- conn_long repeats a connection from its tenth minute on; conn has its last row.
    600 AS reports_after,
    regexp_matches(lower(sourcetype), '(^|:)[a-z_]*conn_long') AS still_open,
    false AS pieces,
    coalesce("id.orig_h", id_orig_h, src_ip, src) AS originator,
    coalesce("id.resp_h", id_resp_h, dest_ip, dest) AS responder,
    coalesce("id.orig_p", id_orig_p) AS originator_port,
    coalesce("id.resp_p", id_resp_p, dest_port) AS port,
    -- Of a side that sent no packet, though it was answered or a TCP peer sent on, the sensor was blind.
    -- The history has a letter for each kind of packet, capital for the originator; g is for a gap.
    CASE
        WHEN orig_pkts = '0' AND bytes_or_null(resp_pkts) > 0 THEN NULL
        WHEN history <> '' AND translate(history, '^Gg', '') = lower(translate(history, '^Gg', '')) THEN NULL
        ELSE carried_but(orig_bytes, orig_ip_bytes, lost)
    END AS originator_bytes,
    CASE
        WHEN (resp_pkts = '0' OR translate(history, '^Gg', '') = upper(translate(history, '^Gg', '')))
            AND proto = 'tcp' AND carried_but(orig_bytes, orig_ip_bytes, lost) > 0
        THEN NULL
        ELSE carried_but(resp_bytes, resp_ip_bytes, lost)
    END AS responder_bytes,
    duration,
    uid AS flow_name,
    proto AS transport_protocol,
    true AS begun_by_originator,
    service AS app,
    orig_l2_addr AS mac,
    -- Frames to a group of hosts have an odd first byte.
    regexp_matches(resp_l2_addr, '^.[13579bdfBDF]') AS sent_to_all
FROM (
    FROM event
    SELECT *,
        nullif(bytes_or_null(missed_bytes), 0)
            / nullif(coalesce(carried(orig_bytes, NULL), 0) + coalesce(carried(resp_bytes, NULL), 0), 0)
            AS lost
)
WHERE lower(source) = 'zeek_conn.log'
   OR regexp_matches(lower(sourcetype), '^(zeek:conn|bro:conn|corelight_conn)');

CREATE OR REPLACE TEMP VIEW firewall AS
SELECT
    _time, host, sourcetype,
    'firewall' AS log,
    CASE
        WHEN lower(sourcetype) = 'pan:traffic' THEN 'pan'
        WHEN lower(sourcetype) = 'fortigate_traffic' THEN 'fortigate'
        ELSE sourcetype
    END AS product,
    'end' AS stamp,
    -- FortiOS: "every two minutes" for sessions that accept statistics logs, logid 20. PAN-OS
    -- writes no such rows.
    CASE WHEN lower(sourcetype) <> 'pan:traffic' THEN 120 END AS reports_after,
    coalesce(logid LIKE '%20', false) AS still_open,
    false AS pieces,
    coalesce(src_ip, srcip, src) AS originator,
    coalesce(dest_ip, dstip, dest) AS responder,
    coalesce(src_port, srcport) AS originator_port,
    coalesce(dest_port, dstport) AS port,
    -- An answer to nothing: what was asked went another way.
    CASE
        WHEN coalesce(sentpkt, packets_out) = '0' AND coalesce(rcvdpkt, packets_in) <> '0' THEN NULL
        ELSE carried(coalesce(sentbyte, bytes_out), NULL)
    END AS originator_bytes,
    carried(coalesce(rcvdbyte, bytes_in), NULL) AS responder_bytes,
    duration,
    coalesce(sessionid, session_id) AS flow_name,
    coalesce(transport, proto) AS transport_protocol,
    true AS begun_by_originator,
    app,
    CASE WHEN lower(sourcetype) LIKE 'cisco:ftd%' THEN name_or_null(host_part(ReferencedHost)) END AS own_name,
    coalesce(src_mac, srcmac) AS mac
FROM event
WHERE (
    lower(source) = 'firewall_logs'
    OR regexp_matches(lower(sourcetype), '^(pan:traffic|fortigate_traffic|firewall)')
)
-- PAN-OS writes a row also when a session starts, with its first packet.
AND coalesce(log_subtype, subtype, '') <> 'start'
AND NOT regexp_matches(
    lower(coalesce(action, '')), '^((interactive |silent )?(block|drop)|deny|denied|reject|discard|refuse|prevent|reset[- ](both|client|server)|d$)'
);

-- Splunk Stream counts from the server's side: bytes_in are those that the client sent.
CREATE OR REPLACE TEMP VIEW stream AS
SELECT
    _time, host, sourcetype,
    'firewall' AS log,
    'stream' AS product,
    'begin' AS stamp,
    false AS still_open,
    false AS pieces,
    src_ip AS originator,
    dest_ip AS responder,
    src_port AS originator_port,
    dest_port AS port,
    carried(bytes_in, NULL) AS originator_bytes,
    carried(bytes_out, NULL) AS responder_bytes,
    duration,
    transport AS transport_protocol,
    true AS begun_by_originator,
    app
FROM event
WHERE regexp_matches(lower(sourcetype), '^stream:(tcp|udp)$');

-- A record of an AWS VPC flow log has the bytes of one direction in one or ten minutes. The way
-- back is a record of its own, which goes from the lower port, the server's, to the client's.
CREATE OR REPLACE TEMP VIEW vpc AS
SELECT
    _time, host, sourcetype,
    'firewall' AS log,
    'vpc' AS product,
    'begin' AS stamp,
    false AS still_open,
    true AS pieces,
    CASE WHEN back THEN dest_ip ELSE src_ip END AS originator,
    CASE WHEN back THEN src_ip ELSE dest_ip END AS responder,
    CASE WHEN back THEN dest_port ELSE src_port END AS originator_port,
    CASE WHEN back THEN src_port ELSE dest_port END AS port,
    CASE WHEN NOT back THEN carried(bytes, NULL) END AS originator_bytes,
    CASE WHEN back THEN carried(bytes, NULL) END AS responder_bytes,
    duration,
    transport AS transport_protocol,
    true AS begun_by_originator
FROM (
    FROM event
    SELECT *,
        coalesce(TRY_CAST(src_port AS INTEGER) < TRY_CAST(dest_port AS INTEGER), false) AS back
)
WHERE lower(sourcetype) LIKE 'aws:cloudwatchlogs:vpcflow%'
  AND lower(coalesce(action, '')) NOT IN ('reject', 'blocked');

-- Of connections that the logging machine accepted, older versions of Sysmon name that machine as
-- the source, newer ones the party that opened it.
CREATE OR REPLACE TEMP VIEW sysmon AS
SELECT
    _time, host, sourcetype,
    'sysmon' AS log,
    'sysmon' AS product,
    'begin' AS stamp,
    false AS still_open,
    false AS pieces,
    coalesce(SourceIp, src_ip) AS originator,
    coalesce(DestinationIp, dest_ip) AS responder,
    SourcePort AS originator_port,
    coalesce(DestinationPort, dest_port) AS port,
    Protocol AS transport_protocol,
    lower(coalesce(Initiated, 'true')) <> 'false' AS begun_by_originator,
    coalesce(Image, process_exec, process) AS program,
    ProcessGuid AS process_guid
FROM event
WHERE EventCode = '3'
  AND (
    lower(source) = 'xmlwineventlog:microsoft-windows-sysmon/operational'
    OR lower(sourcetype) LIKE 'xmlwineventlog%'
  );

CREATE OR REPLACE TEMP TABLE connection AS
WITH
logged AS (
    FROM zeek
    UNION ALL BY NAME
    FROM firewall
    UNION ALL BY NAME
    FROM stream
    UNION ALL BY NAME
    FROM vpc
    UNION ALL BY NAME
    FROM sysmon
),
-- Texts that are no address find no partner here, and their events are left out. What is said to
-- last longer than 35 days is a mistake of the sensor.
placed AS (
    SELECT
        logged.* EXCLUDE (_time, originator, responder, duration),
        CAST(_time AS DOUBLE) AS epoch,
        CASE
            WHEN TRY_CAST(duration AS DOUBLE) BETWEEN 0 AND 35 * 86400
            THEN TRY_CAST(duration AS DOUBLE)
            ELSE 0
        END AS seconds,
        one.address AS originator,
        one.inside AS originator_inside,
        other.address AS responder,
        other.inside AS responder_inside
    FROM logged
    JOIN known_address AS one ON one.text = originator
    JOIN known_address AS other ON other.text = responder
    -- What an address says to itself, to a group or to all is no connection.
    WHERE one.address <> other.address
      AND one.of_one_host AND other.of_one_host
      AND NOT coalesce(sent_to_all, false)
),
-- A lookup counts where no connection to the port told a newer name; a name is good for a day.
begun AS (
    SELECT *,
        CAST(floor((epoch - CASE WHEN stamp = 'end' THEN seconds ELSE 0 END) / 3600) AS BIGINT) AS begin_hour
    FROM placed
),
hinted AS (
    SELECT begun.*,
        CASE
            WHEN by_lookup.hour > coalesce(by_port.hour, 0) AND by_lookup.hour >= begin_hour - 24
            THEN {'choices': by_lookup.choices, 'told': by_lookup.told}
            WHEN by_port.hour >= begin_hour - 24
            THEN {'choices': by_port.choices, 'told': by_port.told}
        END AS hints
    FROM begun
    ASOF LEFT JOIN hints_of_port AS by_port
        ON by_port.sender = originator AND by_port.address = responder
        AND by_port.port = begun.port AND by_port.hour <= begin_hour
    ASOF LEFT JOIN hints_of_lookup AS by_lookup
        ON by_lookup.sender = originator AND by_lookup.address = responder
        AND by_lookup.hour <= begin_hour
),
decided AS (
    SELECT *,
        CASE
            WHEN own_name IS NOT NULL
            THEN {'name': own_name, 'proxy': false, 'port': NULL, 'address': NULL}
            ELSE decided(hints.choices, hints.told, originator_port)
        END AS destination
    FROM hinted
),
named AS (
    SELECT * REPLACE (
            -- Where a proxy stands between, its own address says nothing.
            CASE
                WHEN destination.proxy THEN destination.address
                WHEN destination IS NULL AND list_bool_or([one.proxy FOR one IN hints.choices]) THEN NULL
                ELSE responder
            END AS responder,
            CASE WHEN destination.proxy THEN false ELSE responder_inside END AS responder_inside,
            CASE WHEN destination.proxy THEN destination.port ELSE port END AS port,
            CASE WHEN destination.proxy THEN NULL ELSE app END AS app
        ),
        CASE WHEN destination.address IS NULL THEN destination.name END AS dest_name
    FROM decided
),
-- Of two machines inside, the one that accepted has the lower port.
turned AS (
    FROM named
    SELECT *,
        originator_inside AND responder_inside AND NOT begun_by_originator
            AND coalesce(TRY_CAST(originator_port AS INTEGER) < TRY_CAST(port AS INTEGER), false)
            AS accepted_here
),
sided AS (
    FROM turned
    SELECT * REPLACE (
        CASE WHEN accepted_here THEN responder ELSE originator END AS originator,
        CASE WHEN accepted_here THEN originator ELSE responder END AS responder,
        CASE WHEN accepted_here THEN originator_port ELSE port END AS port
    )
),
directed AS (
    SELECT
        *,
        CASE
            WHEN originator_inside AND responder_inside THEN 'internal'
            WHEN originator_inside AND begun_by_originator THEN 'outbound'
            WHEN originator_inside OR responder_inside THEN 'inbound'
        END AS direction
    FROM sided
)
SELECT
    epoch,
    round(epoch - CASE WHEN stamp = 'end' THEN seconds ELSE 0 END, 6) AS begins,
    round(epoch + CASE WHEN stamp = 'end' THEN 0 ELSE seconds END, 6) AS ends,
    seconds,
    host,
    sourcetype,
    log,
    product,
    reports_after,
    still_open,
    pieces,
    flow_name,
    originator_port AS client_port,
    program,
    process_guid,
    app,
    mac,
    CASE
        WHEN contains(lower(coalesce(transport_protocol, '')), 'icmp') THEN NULL
        WHEN direction = 'inbound' AND originator_inside AND NOT begun_by_originator
        THEN originator_port
        ELSE port
    END AS port,
    direction,
    CASE WHEN originator_inside THEN originator ELSE responder END AS src,
    CASE WHEN originator_inside THEN coalesce(responder, dest_name) ELSE originator END AS dest,
    CASE WHEN direction <> 'inbound' THEN dest_name END AS dest_name,
    CASE WHEN originator_inside THEN originator_bytes ELSE responder_bytes END AS bytes_out,
    CASE WHEN originator_inside THEN responder_bytes ELSE originator_bytes END AS bytes_in
FROM directed
WHERE list_contains(getvariable('directions'), direction)
  AND epoch >= getvariable('window_start')
  AND epoch < getvariable('window_end')
  AND coalesce(responder, dest_name) IS NOT NULL
  -- A proxy may be asked for any address.
  AND coalesce(responder, '') NOT IN (SELECT address FROM known_address WHERE NOT of_one_host);

-- A name on the allow-list takes away the flows that it names.
DELETE FROM connection
USING (
    SELECT DISTINCT connection.dest_name, connection.src, port, program
    FROM connection
    JOIN allow_name
        ON under(dest_name, allow_name.name)
        AND connection.src GLOB allow_name.src
        AND coalesce(port, '-') GLOB allow_name.dest_port
        AND lower(coalesce(program, '-')) GLOB allow_name.process
        AND allowed_today(allow_name.expires)
) AS allowed
WHERE connection.dest_name = allowed.dest_name
  AND connection.src = allowed.src
  AND connection.port IS NOT DISTINCT FROM allowed.port
  AND connection.program IS NOT DISTINCT FROM allowed.program;

CREATE OR REPLACE TEMP VIEW listed_destination AS
SELECT DISTINCT address AS dest
FROM list_row
WHERE expires IS NULL OR expires >= getvariable('today');
