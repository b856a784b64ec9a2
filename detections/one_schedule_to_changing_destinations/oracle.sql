-- What one sender did on one port, in one network, under one name or domain, by one program, over all
-- its destinations. An hour of a pair on a port under a name counts, as a whole, for each network and
-- program that was seen in it. Beside these groups stand the uploads of a sender to all networks and
-- domains that few talk to and it seldom, and those of all senders, in turn, to one that nobody else
-- talks to.
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
talks_to AS (
    SELECT DISTINCT src, regexp_replace(schedule_of, '^(network|domain) ', '') AS near
    FROM keyed
    WHERE regexp_matches(schedule_of, '^(network|domain) ')
),
upload AS (
    SELECT src, active.dest, port, dest_name, hour, coalesce(domain, network) AS near,
        floor(coalesce(first_sent, first_epoch) / 86400) AS day,
        count(DISTINCT day) OVER (PARTITION BY src, near) AS days,
        (SELECT count(*) FROM talks_to WHERE talks_to.near = coalesce(domain, network)) AS talkers
    FROM active
    LEFT JOIN network_of ON network_of.address = active.dest
    LEFT JOIN domain_of ON domain_of.name = dest_name
    LEFT JOIN known_destination ON known_destination.dest = coalesce(dest_name, active.dest)
    WHERE bytes >= greatest(getvariable('rotation_bytes'), 4 * coalesce(bytes_in, 0))
      AND coalesce(first_seen > getvariable('now') - 86400 * getvariable('old_days'), true)
),
told AS (
    SELECT *, src AS sender, '' AS near, 1 AS sharing, 0 AS talkers
    FROM keyed
    WHERE schedule_of IS NOT NULL
    UNION ALL BY NAME
    SELECT * EXCLUDE (day, days), src AS sender, 1 AS sharing,
        'uploads to new destinations' AS schedule_of
    FROM upload
    WHERE days < getvariable('rotation_days') AND talkers <= greatest(
        getvariable('rotation_destinations'),
        getvariable('common_share') * (SELECT count(DISTINCT src) FROM active)
    )
    UNION ALL BY NAME
    SELECT * EXCLUDE (day, days), min(src) OVER (PARTITION BY near) AS sender,
        count(DISTINCT src) OVER (PARTITION BY near) AS sharing,
        'senders to ' || near AS schedule_of
    FROM upload
),
grouped AS (
    SELECT sender AS src, active.src AS sent_by, near, schedule_of, active.hour, sharing, talkers,
        sum(connections) AS connections,
        sum(bytes) AS bytes,
        sum(bytes_in) AS bytes_in,
        min(CASE WHEN bytes > 0 THEN first_sent ELSE first_epoch END) AS first_epoch,
        max(CASE WHEN bytes > 0 THEN last_sent ELSE last_epoch END) AS last_epoch,
        list(active.dest) AS dest
    FROM active
    JOIN told
        ON told.src = active.src AND told.dest = active.dest AND told.hour = active.hour
        AND told.port IS NOT DISTINCT FROM active.port
        AND told.dest_name IS NOT DISTINCT FROM active.dest_name
    GROUP BY ALL
),
reported AS (
    SELECT sender AS src, schedule_of,
        known(host) AS host, known(program) AS process, known(named_port.port) AS dest_port, known(app) AS app
    FROM named_port
    JOIN told
        ON told.src = named_port.src AND told.dest = named_port.dest
        AND told.hour = named_port.hour AND told.port IS NOT DISTINCT FROM named_port.port
        AND told.dest_name IS NOT DISTINCT FROM named_port.dest_name
    GROUP BY ALL
)
SELECT src, schedule_of,
    count(DISTINCT hour) AS hours,
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
        CASE
            WHEN schedule_of LIKE 'senders to %' THEN any_value(sharing)
            ELSE len(list_distinct(flatten(list(grouped.dest))))
        END >= getvariable('rotation_destinations')
        OR regexp_matches(schedule_of, '^(name|domain) ')
        AND NOT list_has_any(flatten(list(grouped.dest)), (SELECT list(address) FROM known_address))
   )
   AND count(DISTINCT floor(first_epoch / 86400)) >= getvariable('rotation_days')
   AND (
        count(DISTINCT hour) <= getvariable('rotation_hours') * count(DISTINCT floor(first_epoch / 86400))
        -- What is uploaded to one name counts at any hours.
        OR regexp_matches(schedule_of, '^(name|domain) ') AND sum(bytes) > sum(bytes_in)
        AND sum(bytes) >= getvariable('rotation_bytes') * count(DISTINCT floor(first_epoch / 86400))
   )
   AND (
        schedule_of NOT LIKE 'senders to %'
        OR any_value(talkers) <= any_value(sharing)
        AND count(*) < 1.5 * count(DISTINCT floor(first_epoch / 86400))
   )
ORDER BY src, schedule_of;
