-- What one sender did on one port, in one network, under one name or domain, by one program, over all
-- its destinations. An hour of a pair on a port under a name counts, as a whole, for each network and
-- program that was seen in it.
WITH
active AS (
    SELECT src, dest, port, dest_name, hour,
        count(began) AS connections,
        bytes_of(bytes_out) AS bytes,
        bytes_of(bytes_in) AS bytes_in,
        coalesce(min(began) FILTER (flow_bytes > 0), min(since)) AS first_sent,
        coalesce(max(began) FILTER (flow_bytes > 0), max(until)) AS last_sent,
        coalesce(min(began), min(since)) AS first_epoch,
        coalesce(max(began), max(until)) AS last_epoch
    FROM heard_flows('any')
    GROUP BY src, dest, port, dest_name, hour
),
named_port AS (
    SELECT src, dest, port, dest_name, hour, host, program, app
    FROM flow_hour
    WHERE EXISTS (
        FROM active
        WHERE active.src = flow_hour.src AND active.dest = flow_hour.dest
          AND active.hour = flow_hour.hour AND active.port IS NOT DISTINCT FROM flow_hour.port
          AND active.dest_name IS NOT DISTINCT FROM flow_hour.dest_name
    )
),
keyed AS (
    SELECT DISTINCT src, dest, port, dest_name, hour,
        unnest([
            'port ' || port, 'network ' || network, 'process ' || program,
            'name ' || dest_name, 'domain ' || domain
        ]) AS schedule_of
    FROM named_port
    LEFT JOIN network_of ON network_of.address = dest
    LEFT JOIN domain_of ON domain_of.name = dest_name
),
grouped AS (
    SELECT active.src, schedule_of, active.hour,
        sum(connections) AS connections,
        sum(bytes) AS bytes,
        sum(bytes_in) AS bytes_in,
        min(CASE WHEN bytes > 0 THEN first_sent ELSE first_epoch END) AS first_epoch,
        max(CASE WHEN bytes > 0 THEN last_sent ELSE last_epoch END) AS last_epoch,
        list(active.dest) AS dest
    FROM active
    JOIN keyed
        ON keyed.src = active.src AND keyed.dest = active.dest AND keyed.hour = active.hour
        AND keyed.port IS NOT DISTINCT FROM active.port
        AND keyed.dest_name IS NOT DISTINCT FROM active.dest_name
    WHERE schedule_of IS NOT NULL
    GROUP BY ALL
),
reported AS (
    SELECT named_port.src, schedule_of,
        known(host) AS host, known(program) AS process, known(named_port.port) AS dest_port, known(app) AS app
    FROM named_port
    JOIN keyed
        ON keyed.src = named_port.src AND keyed.dest = named_port.dest
        AND keyed.hour = named_port.hour AND keyed.port IS NOT DISTINCT FROM named_port.port
        AND keyed.dest_name IS NOT DISTINCT FROM named_port.dest_name
    WHERE schedule_of IS NOT NULL
    GROUP BY ALL
)
SELECT src, schedule_of,
    count(*) AS hours,
    CAST(sum(connections) AS BIGINT) AS connections,
    CAST(sum(bytes) AS BIGINT) AS total_bytes,
    CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    floor(min(first_epoch)) AS earliest,
    floor(max(last_epoch)) AS latest,
    list(observation(first_epoch, bytes)) AS observations,
    list_sort(list_distinct(flatten(list(dest)))) AS dest,
    len(list_distinct(flatten(list(dest)))) AS destinations,
    any_value(host) AS host,
    any_value(process) AS process,
    any_value(dest_port) AS dest_port,
    any_value(app) AS app
FROM grouped
JOIN reported USING (src, schedule_of)
GROUP BY src, schedule_of
-- A proxy hides how many addresses a name has.
HAVING (
        len(list_distinct(flatten(list(grouped.dest)))) >= getvariable('rotation_destinations')
        OR regexp_matches(schedule_of, '^(name|domain) ')
        AND NOT list_has_any(flatten(list(grouped.dest)), (SELECT list(address) FROM known_address))
   )
   AND count(DISTINCT floor(first_epoch / 86400)) >= getvariable('rotation_days')
   AND (
        count(*) <= getvariable('rotation_hours') * count(DISTINCT floor(first_epoch / 86400))
        -- What is uploaded to one name counts at any hours.
        OR regexp_matches(schedule_of, '^(name|domain) ') AND sum(bytes) > sum(bytes_in)
        AND sum(bytes) >= getvariable('rotation_bytes') * count(DISTINCT floor(first_epoch / 86400))
   )
ORDER BY src, schedule_of;
