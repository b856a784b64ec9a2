-- One row a pair with enough hours in which more than so many large, or listed, flows began.
WITH
judged AS (
    SELECT hourly.* REPLACE (
            CASE WHEN listed THEN connections ELSE large END AS connections,
            CASE WHEN listed THEN first_epoch ELSE first_large END AS first_epoch,
            CASE WHEN listed THEN last_epoch ELSE last_large END AS last_epoch
        ),
        listed
    FROM (FROM hourly SELECT *, is_listed(src, dest) AS listed) AS hourly
),
qualifying AS (
    FROM judged WHERE connections > getvariable('recurring_connections')
),
pair AS (
    SELECT src, dest,
        count(*) AS count,
        CAST(sum(connections) AS BIGINT) AS connections,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, bytes)) AS observations,
        any_value(listed) AS listed
    FROM qualifying
    GROUP BY src, dest
    HAVING count(*) >= getvariable('recurring_hours')
),
reported AS (
    SELECT src, dest,
        known(host) AS host, known(program) AS process, known(port) AS dest_port
    FROM named_hour
    SEMI JOIN qualifying USING (src, dest, hour)
    GROUP BY src, dest
)
SELECT
    src, dest, count, connections, total_bytes, earliest, latest, observations, host, process,
    dest_port, bytes_in, listed,
    CASE WHEN count >= getvariable('recurring_many_hours') THEN 9 ELSE 7 END AS floor
FROM pair
JOIN reported USING (src, dest)
ORDER BY src, dest;
