-- Pairs that began flows in enough seconds, regardless of what they sent.
WITH
started AS (
    SELECT *, CAST(floor(flow_begins) AS BIGINT) AS bin FROM contacts('any')
),
slot AS (
    SELECT src, dest, bin,
        count(began) AS connections,
        sum(bytes_out) AS bytes,
        sum(bytes_in) AS bytes_in,
        min(flow_begins) AS first_epoch,
        max(flow_begins) AS last_epoch
    FROM started
    GROUP BY src, dest, bin
),
reported AS (
    SELECT src, dest,
        known(host) AS host, known(program) AS process, known(port) AS dest_port, known(app) AS app
    FROM named_hour
    SEMI JOIN started USING (src, dest, hour)
    GROUP BY src, dest
)
SELECT src, dest,
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
    (SELECT count(DISTINCT src) FROM started) AS population,
    is_listed(src, dest) AS listed
FROM slot
JOIN reported USING (src, dest)
JOIN known_as USING (src, dest)
JOIN (
    SELECT known_as, count(DISTINCT src) AS senders
    FROM started JOIN known_as USING (src, dest)
    GROUP BY known_as
) USING (known_as)
GROUP BY src, dest
HAVING count(*) >= coalesce(getvariable('interval_bins'), 12)
   AND floor(max(last_epoch)) - floor(min(first_epoch)) >= getvariable('interval_span')
ORDER BY src, dest;
