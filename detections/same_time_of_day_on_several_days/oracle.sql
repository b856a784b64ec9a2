-- Pairs that were active on enough days, and on these in few hours. Where anything was sent, an
-- hour begins and ends with the sending.
WITH
active AS (
    SELECT * REPLACE (
        coalesce(first_sent, first_epoch) AS first_epoch, coalesce(last_sent, last_epoch) AS last_epoch
    )
    FROM hourly
)
SELECT src, dest,
    count(*) AS hours,
    CAST(sum(connections) AS BIGINT) AS connections,
    CAST(sum(bytes) AS BIGINT) AS total_bytes,
    CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    floor(min(first_epoch)) AS earliest,
    floor(max(last_epoch)) AS latest,
    list(observation(first_epoch, bytes)) AS observations,
    any_value(host) AS host,
    any_value(process) AS process,
    any_value(dest_port) AS dest_port,
    any_value(app) AS app,
    any_value(dest_name) AS dest_name,
    any_value(senders) AS senders,
    any_value(population) AS population,
    is_listed(src, dest) AS listed
FROM active
JOIN pair_values USING (src, dest)
JOIN prevalence USING (src, dest)
GROUP BY src, dest
HAVING count(DISTINCT floor(first_epoch / 86400)) >= getvariable('daily_days')
   AND count(*) <= getvariable('daily_hours') * count(DISTINCT floor(first_epoch / 86400))
ORDER BY src, dest;
