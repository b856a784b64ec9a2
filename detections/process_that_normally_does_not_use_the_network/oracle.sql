-- Programs that normally have no network communication, that run scripts, that are new on the
-- network, or that are rare on it and in a folder of users, with one destination in enough minutes.
-- What is new or rare is known once the list of programs has learned for long enough.
WITH
started AS (
    SELECT *, CAST(floor(flow_begins / 60) AS BIGINT) AS bin FROM contacts('program')
),
minute AS (
    SELECT src, dest, lower_program AS process, bin,
        count(began) AS connections,
        min(flow_begins) AS first_epoch,
        max(flow_begins) AS last_epoch
    FROM started
    GROUP BY src, dest, lower_program, bin
),
reported AS (
    SELECT src, dest, lower_program AS process, known(host) AS host, known(port) AS dest_port
    FROM flow_hour
    SEMI JOIN started USING (src, dest, lower_program, hour)
    GROUP BY src, dest, lower_program
),
called AS (
    SELECT src, dest, process,
        count(*) AS minutes,
        CAST(sum(connections) AS BIGINT) AS connections,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, NULL)) AS observations,
        any_value(host) AS host,
        any_value(dest_port) AS dest_port,
        any_value(senders) AS senders
    FROM minute
    JOIN reported USING (src, dest, process)
    JOIN (
        SELECT dest, count(DISTINCT src) AS senders FROM minute GROUP BY dest
    ) USING (dest)
    GROUP BY src, dest, process
    HAVING count(*) >= getvariable('process_minutes')
),
known AS (
    SELECT called.*,
        (SELECT count(DISTINCT src) FROM minute) AS population,
        CAST(known_process.hosts AS INTEGER) AS process_hosts,
        (SELECT coalesce(bool_or(long_known(first_seen)), false) FROM known_process
         WHERE process = '*') AS learned,
        coalesce(long_known(known_process.first_seen), false) AS old,
        coalesce(process_hosts <= getvariable('process_hosts'), false) AS few,
        list_has_any(
            regexp_split_to_array(process, '[\\/]')[2:-2],
            ['users', 'programdata', 'temp', 'tmp', 'perflogs', 'recycler', '$recycle.bin']
            || ['shm', 'home']
        ) AS user_folder,
        program_kind([process], senders) AS kind
    FROM called
    LEFT JOIN known_process USING (process)
),
judged AS (
    SELECT *, learned AND NOT old AS new, learned AND user_folder AND few AS seldom FROM known
)
SELECT src, dest, process, minutes, connections, earliest, latest, observations, host, dest_port,
    senders, population, process_hosts,
    CAST(new AS INTEGER) AS new,
    CAST(user_folder AS INTEGER) AS user_folder,
    is_listed(src, dest) AS listed,
    CASE
        WHEN kind = 'silent program' THEN kind
        WHEN new THEN 'new'
        WHEN seldom THEN 'seldom'
        ELSE kind
    END AS program_reason,
    CASE
        WHEN new AND user_folder THEN 7
        WHEN kind = 'silent program' AND (few OR NOT old) THEN 7
        WHEN new THEN 6
        WHEN seldom THEN 5
        ELSE 0
    END AS floor
FROM judged
WHERE new OR seldom OR kind IS NOT NULL
ORDER BY src, dest, process;
