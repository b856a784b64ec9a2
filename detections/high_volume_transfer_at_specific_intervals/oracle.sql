-- One row a pair with enough hours in which its flows sent more than so many bytes.
WITH
qualifying AS (
    FROM hourly WHERE bytes > getvariable('volume_hour_bytes')
),
pair AS (
    SELECT src, dest_ip,
        count(*) AS hours,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(max(bytes) AS BIGINT) AS peak_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_sent)) AS earliest,
        floor(max(last_sent)) AS latest,
        list(observation(first_sent, bytes)) AS observations
    FROM qualifying
    GROUP BY src, dest_ip
    HAVING count(*) >= getvariable('volume_hours')
),
reported AS (
    SELECT src, dest_ip,
        known(host) AS host, known(program) AS process, known(port) AS dest_port
    FROM named_hour
    SEMI JOIN qualifying USING (src, dest_ip, hour)
    GROUP BY src, dest_ip
)
SELECT
    src, dest_ip, hours, total_bytes, peak_bytes, earliest, latest, observations, host, process,
    dest_port, bytes_in,
    CASE WHEN peak_bytes > getvariable('volume_peak_bytes') THEN 9 ELSE 8 END AS floor
FROM pair JOIN reported USING (src, dest_ip)
ORDER BY src, dest_ip;
