-- Services that Zeek saw where they are not expected, with enough bytes out on the days they were
-- seen. What Zeek does not know is a service called unknown.
WITH
active AS (
    SELECT src, dest, port AS dest_port, lower(coalesce(app, 'unknown')) AS app, hour,
        count(began) AS connections,
        bytes_of(bytes_out) AS bytes,
        bytes_of(bytes_in) AS bytes_in,
        coalesce(min(began) FILTER (flow_bytes > 0), min(since)) AS first_epoch,
        coalesce(max(began) FILTER (flow_bytes > 0), max(until)) AS last_epoch
    FROM heard_flows('service')
    WHERE port IS NOT NULL
    GROUP BY src, dest, port, lower(coalesce(app, 'unknown')), hour
    HAVING bytes_of(bytes_out) > 0
),
reported AS (
    SELECT src, dest, port AS dest_port, lower(coalesce(app, 'unknown')) AS app, hour,
        list(host) AS host
    FROM flow_hour
    WHERE log = 'zeek'
    GROUP BY src, dest, port, lower(coalesce(app, 'unknown')), hour
),
spoken AS (
    SELECT src, dest, dest_port, app,
        count(*) AS hours,
        count(DISTINCT floor(first_epoch / 86400)) AS days,
        CAST(sum(connections) AS BIGINT) AS connections,
        CAST(sum(bytes) AS BIGINT) AS total_bytes,
        CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, bytes)) AS observations,
        flatten(list(host)) AS host
    FROM active
    JOIN reported USING (src, dest, dest_port, app, hour)
    GROUP BY src, dest, dest_port, app
)
SELECT *,
    is_listed(src, dest) AS listed
FROM spoken
WHERE hours >= getvariable('service_hours')
  AND total_bytes >= days * getvariable('service_bytes')
  AND NOT EXISTS (
    FROM expected_service
    WHERE expected_service.dest_port = spoken.dest_port
      AND list_contains(string_split(spoken.app, ','), expected_service.app)
)
ORDER BY src, dest, dest_port, app;
