-- What the logs tell of the names of destinations. A hint is one name, told for a sender and an address in an hour; for a
-- port, and by the client port of the connection that told it, unless a lookup of the name told it.

-- What a client asks a proxy for: the whole address, or to CONNECT.
CREATE OR REPLACE TEMP MACRO asks_proxy(verb, asked) AS
coalesce(verb = 'CONNECT' OR regexp_matches(asked, '^[A-Za-z]+://'), false);

CREATE OR REPLACE TEMP MACRO port_asked(asked, otherwise) AS coalesce(
    nullif(regexp_extract(asked, '^(?:[A-Za-z]+://)?[^/]*:([0-9]+)(?:/|$)', 1), ''),
    CASE WHEN asked LIKE 'https:%' THEN '443' WHEN asked LIKE 'http:%' THEN '80' ELSE otherwise END
);

-- The common name of a certificate, where the connection itself tells no name.
CREATE OR REPLACE TEMP MACRO certified(subject) AS
nullif(regexp_extract(subject, '(?:^|,) *CN=(?:[*][.])?([^,/]*)', 1), '');

CREATE OR REPLACE TEMP TABLE hint AS
WITH
told AS (
    SELECT CAST(_time AS DOUBLE) AS epoch,
        coalesce("id.orig_h", id_orig_h, src_ip, src) AS sender_text,
        coalesce("id.resp_h", id_resp_h, dest_ip, dest) AS address_text,
        coalesce("id.resp_p", id_resp_p, dest_port) AS port,
        coalesce("id.orig_p", id_orig_p, src_port) AS client,
        asks_proxy("method", uri) AS through_proxy,
        host_part(CASE WHEN asks_proxy("method", uri) THEN uri ELSE coalesce(server_name, http_host, certified(subject)) END) AS host,
        uri AS asked
    FROM event
    WHERE regexp_matches(lower(sourcetype), '^(zeek:|bro:|corelight_)(ssl|quic|http)')
    UNION ALL BY NAME
    SELECT CAST(_time AS DOUBLE) AS epoch,
        coalesce("id.orig_h", id_orig_h, src_ip, src) AS sender_text,
        unnest(string_split_regex(answers, '[,;\s]')) AS address_text,
        false AS through_proxy,
        host_part(query) AS host
    FROM event
    WHERE regexp_matches(lower(sourcetype), '^(zeek:|bro:|corelight_)dns')
    -- Sysmon knows its host by name alone.
    UNION ALL BY NAME
    SELECT CAST(_time AS DOUBLE) AS epoch,
        host_address.address AS sender_text,
        unnest(string_split_regex(QueryResults, '[;,\s]')) AS address_text,
        false AS through_proxy,
        host_part(QueryName) AS host
    FROM event
    JOIN host_address ON host_address.name = lower(string_split(event.host, '.')[1])
    WHERE EventCode = '22'
    -- A firewall that names the host of a connection tells it to the logs that do not.
    UNION ALL BY NAME
    SELECT CAST(_time AS DOUBLE) - coalesce(TRY_CAST(duration AS DOUBLE), 0) AS epoch,
        coalesce(src_ip, src) AS sender_text, coalesce(dest_ip, dest) AS address_text, dest_port AS port,
        false AS through_proxy,
        host_part(ReferencedHost) AS host
    FROM event
    WHERE lower(sourcetype) LIKE 'cisco:ftd%' AND ReferencedHost IS NOT NULL
)
SELECT
    sender.address AS sender,
    place.address AS address,
    port, client,
    CAST(floor(epoch / 3600) AS BIGINT) AS hour,
    {
        'name': name_or_null(host), 'proxy': through_proxy,
        'port': CASE WHEN through_proxy THEN port_asked(asked, NULL) END,
        'address': behind.address
    } AS destination
FROM told
JOIN known_address AS sender ON sender.text = sender_text
JOIN known_address AS place ON place.text = address_text
LEFT JOIN known_address AS behind ON behind.text = host AND through_proxy
WHERE name_or_null(host) IS NOT NULL OR behind.address IS NOT NULL;

-- What was told in each hour, and in the hour before in which anything was told.
CREATE OR REPLACE TEMP TABLE hints_of_port AS
SELECT sender, address, port, hour,
    list_distinct(list(destination)) AS choices, list({'client': client, 'destination': destination}) AS told
FROM hint
WHERE port IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE hints_of_lookup AS
SELECT sender, address, hour,
    list_distinct(list(destination)) AS choices, list({'client': NULL::VARCHAR, 'destination': destination}) AS told
FROM hint
WHERE port IS NULL
GROUP BY sender, address, hour;

CREATE OR REPLACE TEMP MACRO told_by(told, client) AS
list_distinct([one.destination FOR one IN told IF one.client = client]);

-- Of the one that is left; nothing where several are, or none.
CREATE OR REPLACE TEMP MACRO decided(choices, told, client) AS CASE
    WHEN len(choices) = 1 THEN choices[1]
    WHEN len(told_by(told, client)) = 1 THEN told_by(told, client)[1]
END;
