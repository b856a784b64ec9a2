-- What one sender did on one port, in one network, by one program, over all its destinations. An
-- hour of a pair counts, as a whole, for each port, network and program that was seen in it.
WITH
keyed AS (
    SELECT DISTINCT src, dest_ip, hour,
        unnest(['port ' || port, 'network ' || network, 'process ' || program]) AS schedule_of
    FROM named_hour
    JOIN network_of ON network_of.address = dest_ip
),
grouped AS (
    SELECT src, schedule_of, hour,
        sum(connections) AS connections,
        sum(bytes) AS bytes,
        sum(bytes_in) AS bytes_in,
        min(coalesce(first_sent, first_epoch)) AS first_epoch,
        max(coalesce(last_sent, last_epoch)) AS last_epoch,
        list(dest_ip) AS dest_ip
    FROM hourly
    JOIN keyed USING (src, dest_ip, hour)
    WHERE schedule_of IS NOT NULL
    GROUP BY src, schedule_of, hour
),
reported AS (
    SELECT src, schedule_of,
        known(host) AS host, known(program) AS process, known(port) AS dest_port, known(app) AS app
    FROM named_hour
    JOIN keyed USING (src, dest_ip, hour)
    WHERE schedule_of IS NOT NULL
    GROUP BY src, schedule_of
)
SELECT src, schedule_of,
    count(*) AS hours,
    CAST(sum(connections) AS BIGINT) AS connections,
    CAST(sum(bytes) AS BIGINT) AS total_bytes,
    CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    floor(min(first_epoch)) AS earliest,
    floor(max(last_epoch)) AS latest,
    list(observation(first_epoch, bytes)) AS observations,
    list_sort(list_distinct(flatten(list(dest_ip)))) AS dest_ip,
    len(list_distinct(flatten(list(dest_ip)))) AS destinations,
    any_value(host) AS host,
    any_value(process) AS process,
    any_value(dest_port) AS dest_port,
    any_value(app) AS app
FROM grouped
JOIN reported USING (src, schedule_of)
GROUP BY src, schedule_of
HAVING len(list_distinct(flatten(list(grouped.dest_ip)))) >= getvariable('rotation_destinations')
   AND count(DISTINCT floor(first_epoch / 86400)) >= getvariable('rotation_days')
   AND count(*) <= getvariable('rotation_hours') * count(DISTINCT floor(first_epoch / 86400))
ORDER BY src, schedule_of;
