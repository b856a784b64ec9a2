-- Pairs with enough hours in which flows sent on though none began, and enough bytes in these.
WITH
open_hour AS (
    FROM hourly WHERE connections = 0 AND bytes > 0
),
pair AS (
    SELECT src, dest,
        count(*) AS hours,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(max(bytes) AS BIGINT) AS peak_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest
    FROM open_hour
    GROUP BY src, dest
),
reported AS (
    SELECT src, dest,
        known(host) AS host, known(program) AS process, known(port) AS dest_port, known(app) AS app
    FROM named_hour
    SEMI JOIN open_hour USING (src, dest, hour)
    GROUP BY src, dest
)
SELECT *,
    [observation(earliest, total_bytes)] AS observations,
    is_listed(src, dest) AS listed,
    7 AS floor
FROM pair
JOIN reported USING (src, dest)
WHERE hours >= getvariable('long_hours') AND total_bytes >= getvariable('long_bytes')
ORDER BY src, dest;
