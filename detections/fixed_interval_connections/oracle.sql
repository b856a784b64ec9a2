-- Pairs that were active in enough seconds, regardless of what they sent.
SELECT src, dest_ip,
    count(*) AS bins,
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
    any_value(senders) AS senders,
    any_value(population) AS population,
    dest_ip IN (FROM listed_destination) AS listed
FROM active_bins(1)
JOIN pair_values USING (src, dest_ip)
JOIN prevalence USING (dest_ip)
GROUP BY src, dest_ip
HAVING count(*) >= coalesce(getvariable('interval_bins'), 12)
ORDER BY src, dest_ip;
