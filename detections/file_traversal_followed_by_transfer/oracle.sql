-- Hours in which one process touched enough files in enough folders and then sent to a destination.
-- A process is Sysmon's ProcessGuid; without one it is identified by host and program, so that
-- what Windows audited of a program's files goes with all that this program sent.
WITH
touched AS (
    SELECT CAST(_time AS DOUBLE) AS epoch, host,
        coalesce(
            ProcessGuid, host || '|' || lower(coalesce(Image, process_exec, process, ProcessName))
        ) AS actor,
        lower(coalesce(TargetFilename, ObjectName)) AS file
    FROM event
    WHERE EventCode IN ('11', '15', '23', '26', '4663')
      AND (EventCode <> '4663' OR coalesce(ObjectType, 'File') = 'File')
      AND coalesce(TargetFilename, ObjectName) IS NOT NULL
      AND CAST(_time AS DOUBLE) >= getvariable('window_start')
      AND CAST(_time AS DOUBLE) < getvariable('window_end')
),
traversal AS (
    SELECT host, actor, CAST(floor(epoch / 3600) AS BIGINT) AS hour,
        count(DISTINCT file) AS files,
        count(DISTINCT regexp_replace(file, '[\\/][^\\/]*$', '')) AS folders,
        min(epoch) AS touched_at
    FROM touched
    WHERE actor IS NOT NULL
    GROUP BY host, actor, hour
    HAVING files >= getvariable('traversal_files') AND folders >= getvariable('traversal_folders')
),
sent AS (
    SELECT src, dest, host, hour_of(epoch) AS hour, epoch, port, lower(program) AS program,
        unnest([process_guid, host || '|' || lower(program)]) AS actor
    FROM connection
    WHERE log = 'sysmon' AND direction = 'outbound'
),
followed AS (
    SELECT src, dest, host, hour,
        max(files) AS files, max(folders) AS folders,
        min(touched_at) AS first_epoch, max(epoch) AS last_epoch,
        list(port) AS dest_port, list(program) AS process
    FROM traversal
    JOIN sent USING (host, actor, hour)
    WHERE epoch >= touched_at
    GROUP BY src, dest, host, hour
)
SELECT src, dest,
    count(*) AS times,
    max(files) AS files,
    max(folders) AS folders,
    floor(min(first_epoch)) AS earliest,
    floor(max(last_epoch)) AS latest,
    list(observation(first_epoch, NULL)) AS observations,
    list(DISTINCT host) AS host,
    flatten(list(dest_port)) AS dest_port,
    flatten(list(process)) AS process,
    is_listed(src, dest) AS listed,
    CASE WHEN count(*) >= 4 THEN 8 ELSE 7 END AS floor
FROM followed
GROUP BY src, dest
HAVING count(*) >= getvariable('traversal_times')
ORDER BY src, dest;
