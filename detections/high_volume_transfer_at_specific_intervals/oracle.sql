-- One row a pair with enough hours of more than so many bytes.
WITH
logged AS (
    SELECT src, dest_ip, hour, sourcetype,
        sum(bytes_out) FILTER (counts) AS bytes,
        min(epoch) FILTER (counts) AS first_epoch,
        max(epoch) FILTER (counts) AS last_epoch,
        sum(bytes_in) AS bytes_in
    FROM (FROM connection SELECT *, bytes_out > getvariable('volume_event_bytes') AS counts)
    GROUP BY src, dest_ip, hour, sourcetype
),
-- A flow in the logs of several products counts once: the product that saw most.
qualifying AS (
    SELECT src, dest_ip, hour,
        max(bytes) AS bytes, max(bytes_in) AS bytes_in,
        min(first_epoch) AS first_epoch, max(last_epoch) AS last_epoch
    FROM logged
    GROUP BY src, dest_ip, hour
    HAVING max(bytes) > getvariable('volume_hour_bytes')
),
pair AS (
    SELECT src, dest_ip,
        count(*) AS hours,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(max(bytes) AS BIGINT) AS peak_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list_sort(list(
            CAST(floor(first_epoch) AS BIGINT) || ':' || CAST(bytes AS BIGINT)
        )) AS observations
    FROM qualifying
    GROUP BY src, dest_ip
    HAVING count(*) >= getvariable('volume_hours')
),
reported AS (
    SELECT src, dest_ip,
        list_sort(list(DISTINCT host) FILTER (host IS NOT NULL)) AS host,
        list_sort(list(DISTINCT program) FILTER (program IS NOT NULL)) AS process,
        list_sort(list(DISTINCT port) FILTER (port IS NOT NULL)) AS dest_port
    FROM connection JOIN qualifying USING (src, dest_ip, hour)
    GROUP BY src, dest_ip
)
SELECT
    src, dest_ip, hours, total_bytes, peak_bytes, earliest, latest, observations, host, process,
    dest_port, bytes_in,
    CASE WHEN peak_bytes > getvariable('volume_peak_bytes') THEN 9 ELSE 8 END AS floor
FROM pair JOIN reported USING (src, dest_ip)
ORDER BY src, dest_ip;
