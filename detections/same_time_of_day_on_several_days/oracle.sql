-- Pairs that were active on enough days, and on these in few hours.
SELECT src, dest_ip,
    count(*) AS hours,
    CAST(sum(connections) AS BIGINT) AS connections,
    CAST(sum(bytes) AS BIGINT) AS total_bytes,
    CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    floor(min(sending_first)) AS earliest,
    floor(max(sending_last)) AS latest,
    list(observation(sending_first, bytes)) AS observations,
    any_value(host) AS host,
    any_value(process) AS process,
    any_value(dest_port) AS dest_port,
    any_value(app) AS app,
    any_value(senders) AS senders,
    any_value(population) AS population,
    dest_ip IN (FROM listed_destination) AS listed
FROM active_bins(3600)
JOIN pair_values USING (src, dest_ip)
JOIN prevalence USING (dest_ip)
GROUP BY src, dest_ip
HAVING count(DISTINCT floor(sending_first / 86400)) >= getvariable('daily_days')
   AND count(*) <= getvariable('daily_hours') * count(DISTINCT floor(sending_first / 86400))
ORDER BY src, dest_ip;
