-- Hardware that the site has not listed and that DHCP has not served for long enough, with enough
-- bytes out to one destination; none before the list of devices has learned for long enough. What
-- has many addresses is a router.
WITH
spelt AS (
    SELECT connection.* REPLACE (
        rtrim(regexp_replace(
            regexp_replace(lower(mac), '[^0-9a-f]', '', 'g'), '([0-9a-f]{2})', '\1:', 'g'
        ), ':') AS mac)
    FROM connection
    WHERE log <> 'sysmon' AND mac IS NOT NULL
),
logged AS (
    SELECT mac, src, dest_ip, hour, sourcetype,
        count(*) AS connections, sum(bytes_out) AS bytes, sum(bytes_in) AS bytes_in,
        min(epoch) AS first_epoch, max(epoch) AS last_epoch
    FROM spelt
    GROUP BY mac, src, dest_ip, hour, sourcetype
),
hourly AS (
    SELECT mac, src, dest_ip, hour,
        max(connections) AS connections, max(bytes) AS bytes, max(bytes_in) AS bytes_in,
        min(first_epoch) AS first_epoch, max(last_epoch) AS last_epoch
    FROM logged
    GROUP BY mac, src, dest_ip, hour
),
sent AS (
    SELECT mac, src, dest_ip,
        count(*) AS hours,
        CAST(sum(connections) AS BIGINT) AS connections,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, bytes)) AS observations
    FROM hourly
    GROUP BY mac, src, dest_ip
),
reported AS (
    SELECT mac, src, dest_ip,
        known(host) AS host, known(port) AS dest_port, known(app) AS app
    FROM spelt
    GROUP BY mac, src, dest_ip
)
SELECT sent.*, host, dest_port, app,
    dest_ip IN (FROM listed_destination) AS listed,
    7 AS floor
FROM sent
JOIN reported USING (mac, src, dest_ip)
WHERE total_bytes >= getvariable('device_bytes')
  AND (SELECT count(DISTINCT src) FROM spelt WHERE spelt.mac = sent.mac)
      <= getvariable('device_addresses')
  AND (SELECT coalesce(bool_or(long_known(first_seen)), false) FROM known_device WHERE mac = '*')
  AND NOT EXISTS (FROM site_device WHERE site_device.mac = sent.mac)
  AND NOT EXISTS (
    FROM known_device WHERE known_device.mac = sent.mac AND long_known(first_seen)
)
ORDER BY mac, src, dest_ip;
