-- One row a pair with enough hours of more than so many large, or listed, connections.
WITH
logged AS (
    SELECT src, dest_ip, hour, sourcetype,
        count(*) FILTER (qualifies) AS connections,
        min(epoch) FILTER (qualifies) AS first_epoch,
        max(epoch) FILTER (qualifies) AS last_epoch,
        sum(bytes_out) AS bytes,
        sum(bytes_in) AS bytes_in
    FROM (
        SELECT connection.*,
            listed_destination.dest_ip IS NOT NULL
            OR coalesce(bytes_out > getvariable('recurring_event_bytes'), false) AS qualifies
        FROM connection LEFT JOIN listed_destination USING (dest_ip)
    )
    GROUP BY src, dest_ip, hour, sourcetype
),
qualifying AS (
    SELECT src, dest_ip, hour,
        max(connections) AS connections, max(bytes) AS bytes, max(bytes_in) AS bytes_in,
        min(first_epoch) AS first_epoch, max(last_epoch) AS last_epoch
    FROM logged
    GROUP BY src, dest_ip, hour
    HAVING max(connections) > getvariable('recurring_connections')
),
pair AS (
    SELECT src, dest_ip,
        count(*) AS count,
        CAST(sum(connections) AS BIGINT) AS connections,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list_sort(list(
            CAST(floor(first_epoch) AS BIGINT)
            || CASE WHEN bytes IS NULL THEN '' ELSE ':' || CAST(bytes AS BIGINT) END
        )) AS observations
    FROM qualifying
    GROUP BY src, dest_ip
    HAVING count(*) >= getvariable('recurring_hours')
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
    src, dest_ip, count, connections, total_bytes, earliest, latest, observations, host, process,
    dest_port, bytes_in,
    listed_destination.dest_ip IS NOT NULL AS listed,
    CASE WHEN count >= getvariable('recurring_many_hours') THEN 9 ELSE 7 END AS floor
FROM pair
JOIN reported USING (src, dest_ip)
LEFT JOIN listed_destination USING (dest_ip)
ORDER BY src, dest_ip;
