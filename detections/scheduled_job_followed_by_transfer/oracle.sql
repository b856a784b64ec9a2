-- Transfers that repeatedly start soon after a job of the operating system's scheduler. A transfer
-- is what a pair does in a bin of five minutes, and starts with its first connection. A job is
-- looked for in that bin and in the one before, and starts with its first run in the two; to be
-- created or changed is not to run.
WITH
logged_job AS (
    SELECT CAST(_time AS DOUBLE) AS epoch, host, lower(coalesce(sourcetype, '')) AS sourcetype,
        EventCode AS code, TaskName AS task,
        lower(coalesce(ParentCommandLine, ParentImage, "process.executable.path", '')) AS parent,
        coalesce(CommandLine, Image, "event.exec.target.executable.path", exe) AS started,
        "event.btm_launch_item_add.executable_path" AS added,
        regexp_extract(
            _raw, 'CRON\[[0-9]+\]: +\(([^)]+)\) CMD \((.+)\)', ['owner', 'command']
        ) AS cron,
        coalesce("User", UserContext, SubjectUserName) AS account
    FROM event
    WHERE (EventCode IN ('106', '200') AND lower(source) LIKE '%taskscheduler%')
       OR (EventCode IN ('4698', '4702') AND lower(source) LIKE '%security%')
       OR (EventCode = '1' AND lower(source) LIKE '%sysmon%')
       OR regexp_matches(lower(sourcetype), '^(linux:cron|cron|macos:|linux_audit$)')
),
named AS (
    SELECT epoch, host,
        CASE
            WHEN sourcetype LIKE '%cron%' AND cron.command <> '' THEN cron.command
            WHEN added IS NOT NULL THEN added
            WHEN code IN ('106', '200', '4698', '4702') THEN task
            WHEN regexp_matches(parent, 'svchost\.exe.* -s schedule')
              OR regexp_matches(parent, 'taskeng\.exe|taskhostw?\.exe')
              OR regexp_matches(parent, '[\\/]crond?\b|[\\/]launchd\b')
              OR regexp_matches(lower(started), '^/etc/cron|/launchagents/|/launchdaemons/')
            THEN started
        END AS job,
        CASE WHEN sourcetype LIKE '%cron%' AND cron.owner <> '' THEN cron.owner ELSE account END
            AS job_user,
        CASE WHEN code IN ('106', '4698') OR added IS NOT NULL THEN epoch END AS created,
        CASE WHEN coalesce(code, '') NOT IN ('106', '4698', '4702') AND added IS NULL THEN epoch END
            AS ran
    FROM logged_job
),
-- A host is known by its address, or by the first part of its name.
job_event AS (
    SELECT coalesce(
            host_address.address,
            CASE
                WHEN regexp_full_match(host, '[0-9.]+|[0-9a-fA-F:]+') THEN host
                ELSE lower(split_part(host, '.', 1))
            END
        ) AS src,
        epoch, replace(job, '"', '') AS job, job_user, created, ran
    FROM named
    LEFT JOIN host_address ON host_address.name = lower(split_part(host, '.', 1))
    WHERE job IS NOT NULL
      AND epoch >= getvariable('window_start') AND epoch < getvariable('window_end')
),
slotted AS (
    SELECT *, unnest([0, 1]) + CAST(floor(epoch / 300) AS BIGINT) AS slot
    FROM job_event
),
job_in_slot AS (
    SELECT src, slot, job, min(ran) AS job_start
    FROM slotted
    GROUP BY src, slot, job
),
job_known AS (
    SELECT src, job, min(created) AS created, count(DISTINCT slot) AS slots
    FROM slotted
    GROUP BY src, job
),
user_in_slot AS (
    SELECT src, slot, list(job_user) AS job_user
    FROM slotted
    GROUP BY src, slot
),
-- A flow that goes on is several rows, one for each hour: its bytes lie at its begin. Names are those
-- of the hours.
transfer AS (
    SELECT src, dest, flow_begins AS epoch,
        CASE WHEN client LIKE '#%' THEN '' ELSE client END AS client,
        sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in, list(DISTINCT hour) AS hours
    FROM contacts('any')
    GROUP BY 1, 2, 3, 4
),
counted AS (
    SELECT *, CAST(floor(epoch / 300) AS BIGINT) AS slot
    FROM transfer
    WHERE bytes_out IS NULL OR bytes_out > getvariable('job_bytes')
),
names_in_slot AS (
    SELECT src, dest, slot,
        list(host) AS host, list(program) AS process, list(port) AS dest_port, list(app) AS app
    FROM (SELECT src, dest, slot, unnest(hours) AS hour FROM counted)
    JOIN named_hour USING (src, dest, hour)
    GROUP BY src, dest, slot
),
contact AS (
    SELECT src, dest, slot,
        sum(bytes_out) AS bytes, sum(bytes_in) AS bytes_in,
        min(epoch) AS first_epoch, max(epoch) AS last_epoch,
        any_value(host) AS host, any_value(process) AS process,
        any_value(dest_port) AS dest_port, any_value(app) AS app
    FROM counted
    JOIN names_in_slot USING (src, dest, slot)
    GROUP BY src, dest, slot
),
met AS (
    SELECT src, dest, count(*) AS contacts, min(first_epoch) AS met_first
    FROM contact
    GROUP BY src, dest
),
followed AS (
    SELECT src, dest, slot,
        list(job) AS job,
        min(created) AS job_created,
        min(first_epoch - job_start) AS waited
    FROM contact
    JOIN job_in_slot USING (src, slot)
    JOIN job_known USING (src, job)
    WHERE slots <= getvariable('job_slots')
      AND first_epoch - job_start BETWEEN 0 AND getvariable('job_seconds')
    GROUP BY src, dest, slot
)
SELECT src, dest,
    count(*) AS times,
    any_value(contacts) AS contacts,
    flatten(list(job)) AS job,
    flatten(list(job_user)) AS job_user,
    min(job_created) AS job_created,
    floor(median(waited) + 0.5) AS waited,
    CAST(sum(bytes) AS BIGINT) AS total_bytes,
    CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    floor(min(first_epoch)) AS earliest,
    floor(max(last_epoch)) AS latest,
    list(observation(first_epoch, bytes)) AS observations,
    flatten(list(host)) AS host,
    flatten(list(process)) AS process,
    flatten(list(dest_port)) AS dest_port,
    flatten(list(app)) AS app,
    is_listed(src, dest) AS listed,
    CASE
        WHEN min(job_created) IS NULL THEN 5
        WHEN coalesce(any_value(first_seen), any_value(met_first)) >= min(job_created) THEN 8
        ELSE 7
    END AS floor
FROM followed
JOIN contact USING (src, dest, slot)
JOIN met USING (src, dest)
JOIN user_in_slot USING (src, slot)
LEFT JOIN known_destination USING (dest)
GROUP BY src, dest
HAVING count(*) >= getvariable('job_times')
   AND count(*) >= any_value(contacts) * getvariable('job_share')
ORDER BY src, dest;
