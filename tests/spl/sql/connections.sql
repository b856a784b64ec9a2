-- From the fields of each product to who sent what to whom.
-- Reads three tables: `event`, whose columns are all text and null where an event has no such
-- field; `known_address`, the one spelling of every text that is an address, and whether it is
-- inside; and `list_row`, the addresses that the lists hold, each with the last day of its row.

CREATE OR REPLACE TEMP MACRO bytes_or_null(text) AS TRY_CAST(text AS DOUBLE);

CREATE OR REPLACE TEMP VIEW zeek AS
SELECT
    _time, host, sourcetype,
    coalesce("id.orig_h", id_orig_h, src_ip, src) AS originator,
    coalesce("id.resp_h", id_resp_h, dest_ip, dest) AS responder,
    bytes_or_null(orig_bytes) AS originator_bytes,
    bytes_or_null(resp_bytes) AS responder_bytes,
    proto AS transport_protocol,
    coalesce("id.resp_p", id_resp_p, dest_port) AS port,
    true AS begun_by_originator,
    'zeek' AS log,
    service AS app,
    orig_l2_addr AS mac
FROM event
WHERE lower(source) = 'zeek_conn.log'
   OR regexp_matches(lower(sourcetype), '^(zeek:conn|bro:conn|corelight_conn)');

CREATE OR REPLACE TEMP VIEW firewall AS
SELECT
    _time, host, sourcetype,
    coalesce(src_ip, srcip, src) AS originator,
    coalesce(dest_ip, dstip, dest) AS responder,
    bytes_or_null(coalesce(bytes_out, sentbyte)) AS originator_bytes,
    bytes_or_null(coalesce(bytes_in, rcvdbyte)) AS responder_bytes,
    coalesce(transport, proto) AS transport_protocol,
    coalesce(dest_port, dstport) AS port,
    true AS begun_by_originator,
    'firewall' AS log,
    app,
    coalesce(src_mac, srcmac) AS mac
FROM event
WHERE (
    lower(source) = 'firewall_logs'
    OR regexp_matches(lower(sourcetype), '^(pan:traffic|fortigate_traffic|firewall)')
)
AND NOT regexp_matches(
    lower(coalesce(action, '')), '^(blocked|deny|denied|drop|dropped|reject|rejected|discard)$'
);

-- Of connections that the logging machine accepted, older versions of Sysmon name that machine as
-- the source, newer ones the party that opened it.
CREATE OR REPLACE TEMP VIEW sysmon AS
SELECT
    _time, host, sourcetype,
    coalesce(SourceIp, src_ip) AS originator,
    coalesce(DestinationIp, dest_ip) AS responder,
    NULL AS originator_bytes,
    NULL AS responder_bytes,
    Protocol AS transport_protocol,
    SourcePort AS originator_port,
    coalesce(DestinationPort, dest_port) AS port,
    lower(coalesce(Initiated, 'true')) <> 'false' AS begun_by_originator,
    coalesce(Image, process_exec, process) AS program,
    'sysmon' AS log,
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
    FROM sysmon
),
-- Texts that are no address find no partner here, and their events are left out.
placed AS (
    SELECT
        logged.* EXCLUDE (_time, originator, responder),
        CAST(_time AS DOUBLE) AS epoch,
        one.address AS originator,
        one.inside AS originator_inside,
        other.address AS responder,
        other.inside AS responder_inside
    FROM logged
    JOIN known_address AS one ON one.text = originator
    JOIN known_address AS other ON other.text = responder
),
directed AS (
    SELECT
        *,
        CASE
            WHEN originator_inside AND responder_inside THEN 'internal'
            WHEN originator_inside AND begun_by_originator THEN 'outbound'
            WHEN originator_inside OR responder_inside THEN 'inbound'
        END AS direction
    FROM placed
)
SELECT
    epoch,
    CAST(floor(epoch / 3600) AS BIGINT) AS hour,
    host,
    sourcetype,
    log,
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
    CASE WHEN originator_inside THEN responder ELSE originator END AS dest_ip,
    CASE WHEN originator_inside THEN originator_bytes ELSE responder_bytes END AS bytes_out,
    CASE WHEN originator_inside THEN responder_bytes ELSE originator_bytes END AS bytes_in
FROM directed
WHERE list_contains(getvariable('directions'), direction)
  AND epoch >= getvariable('window_start')
  AND epoch < getvariable('window_end');

CREATE OR REPLACE TEMP VIEW listed_destination AS
SELECT DISTINCT address AS dest_ip
FROM list_row
WHERE expires IS NULL OR expires >= getvariable('today');
