-- Programs that are new on the network, or seldom on it and in a folder of users, with one
-- destination in enough minutes; none before the list of programs has learned for long enough.
WITH
minute AS (
    SELECT src, dest_ip, lower(program) AS process,
        CAST(floor(epoch / 60) AS BIGINT) AS bin,
        count(*) AS connections,
        min(epoch) AS first_epoch,
        max(epoch) AS last_epoch,
        list(host) AS host,
        list(port) AS dest_port
    FROM connection
    WHERE log = 'sysmon' AND program IS NOT NULL
    GROUP BY src, dest_ip, lower(program), bin
),
called AS (
    SELECT src, dest_ip, process,
        count(*) AS minutes,
        CAST(sum(connections) AS BIGINT) AS connections,
        floor(min(first_epoch)) AS earliest,
        floor(max(last_epoch)) AS latest,
        list(observation(first_epoch, NULL)) AS observations,
        flatten(list(host)) AS host,
        flatten(list(dest_port)) AS dest_port
    FROM minute
    GROUP BY src, dest_ip, process
    HAVING count(*) >= getvariable('process_minutes')
),
judged AS (
    SELECT called.*,
        CAST(known_process.hosts AS INTEGER) AS process_hosts,
        NOT coalesce(long_known(known_process.first_seen), false) AS new,
        list_has_any(
            regexp_split_to_array(process, '[\\/]')[2:-2],
            ['users', 'programdata', 'temp', 'tmp', 'perflogs', 'recycler', '$recycle.bin']
            || ['shm', 'home']
        ) AS user_folder
    FROM called
    LEFT JOIN known_process USING (process)
    WHERE (SELECT coalesce(bool_or(long_known(first_seen)), false) FROM known_process
           WHERE process = '*')
)
SELECT * EXCLUDE (new, user_folder),
    CAST(new AS INTEGER) AS new,
    CAST(user_folder AS INTEGER) AS user_folder,
    dest_ip IN (FROM listed_destination) AS listed,
    CASE WHEN new AND user_folder THEN 7 WHEN new THEN 6 ELSE 5 END AS floor
FROM judged
WHERE new OR (user_folder AND process_hosts <= getvariable('process_hosts'))
ORDER BY src, dest_ip, process;
