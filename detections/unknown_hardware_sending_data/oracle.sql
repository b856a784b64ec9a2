-- Hardware that the site has not listed and that DHCP has not served for long enough, with enough
-- bytes out to one destination; none before the list of devices has learned for long enough. What
-- has many addresses is a router.
WITH
active AS (
    SELECT mac, src, dest, hour,
        count(began) AS connections,
        bytes_of(bytes_out) AS bytes,
        bytes_of(bytes_in) AS bytes_in,
        coalesce(min(began), min(since)) AS first_epoch,
        coalesce(max(began), max(until)) AS last_epoch
    FROM heard_flows('mac')
    GROUP BY mac, src, dest, hour
),
sent AS (
    SELECT mac, src, dest,
        count(*) AS hours,
        CAST(sum(connections) AS BIGINT) AS connections,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, bytes)) AS observations
    FROM active
    GROUP BY mac, src, dest
),
reported AS (
    SELECT mac, src, dest,
        known(host) AS host, known(port) AS dest_port, known(app) AS app
    FROM flow_hour
    SEMI JOIN active USING (mac, src, dest, hour)
    GROUP BY mac, src, dest
)
SELECT sent.*, host, dest_port, app,
    is_listed(src, dest) AS listed,
    7 AS floor
FROM sent
JOIN reported USING (mac, src, dest)
WHERE total_bytes >= getvariable('device_bytes')
  AND (SELECT count(DISTINCT src) FROM active WHERE active.mac = sent.mac)
      <= getvariable('device_addresses')
  AND (SELECT coalesce(bool_or(long_known(first_seen)), false) FROM known_device WHERE mac = '*')
  AND NOT EXISTS (FROM site_device WHERE site_device.mac = sent.mac)
  AND NOT EXISTS (
    FROM known_device WHERE known_device.mac = sent.mac AND long_known(first_seen)
)
ORDER BY mac, src, dest;
