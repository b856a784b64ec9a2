-- One row a pair with enough hours in which its flows sent more than so many bytes.
WITH
qualifying AS (
    FROM hourly WHERE bytes > getvariable('volume_hour_bytes')
),
pair AS (
    SELECT src, dest,
        count(*) AS hours,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(max(bytes) AS BIGINT) AS peak_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_sent)) AS earliest,
        floor(max(last_sent)) AS latest,
        list(observation(first_sent, bytes)) AS observations
    FROM qualifying
    GROUP BY src, dest
    HAVING count(*) >= getvariable('volume_hours')
),
reported AS (
    SELECT src, dest,
        known(host) AS host, known(program) AS process, known(port) AS dest_port,
        known(dest_name) AS dest_name
    FROM named_hour
    SEMI JOIN qualifying USING (src, dest, hour)
    GROUP BY src, dest
)
SELECT
    src, dest, hours, total_bytes, peak_bytes, earliest, latest, observations, host, process,
    dest_port, dest_name, bytes_in,
    CASE WHEN peak_bytes > getvariable('volume_peak_bytes') THEN 9 ELSE 8 END AS floor
FROM pair JOIN reported USING (src, dest)
ORDER BY src, dest;
