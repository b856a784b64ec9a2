-- Transfers that begin when a new job was declared to start. Every start of the window is an instant
-- of its own here. A transfer begins after a pause, and belongs to the first start that it fits.
CREATE OR REPLACE TEMP MACRO of_element(xml, name) AS
    nullif(regexp_extract(xml, '(?s)<' || name || '>([^<]*)<', 1), '');

CREATE OR REPLACE TEMP MACRO of_key(xml, name) AS
    coalesce(nullif(
        regexp_extract(xml, '(?s)<key>' || name || '</key>\s*<integer>(\d+)<', 1), ''
    ), '*');

CREATE OR REPLACE TEMP MACRO lasting(written) AS
    CASE WHEN written LIKE 'P%' THEN epoch(CAST(
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            written, 'P|T', '', 'g'), 'D', ' days '), 'H', ' hours '), 'M', ' minutes '),
            'S', ' seconds ')
        AS INTERVAL)) END;

-- An instant without a zone as if it were in universal time.
CREATE OR REPLACE TEMP MACRO instant(written) AS
    epoch(CAST(regexp_replace(written, '\.\d+', '') AS TIMESTAMPTZ));

CREATE OR REPLACE TEMP MACRO in_field(number, field, most) AS list_bool_or([
    number BETWEEN
        CASE WHEN item LIKE '*%' THEN 0 ELSE CAST(regexp_extract(item, '^\d+') AS INTEGER) END
    AND CASE
        WHEN item LIKE '*%' THEN most
        WHEN item LIKE '%-%' THEN CAST(regexp_extract(item, '-(\d+)', 1) AS INTEGER)
        WHEN item LIKE '%/%' THEN most
        ELSE CAST(item AS INTEGER)
    END
    AND (number - CASE WHEN item LIKE '*%' THEN 0 ELSE CAST(regexp_extract(item, '^\d+') AS INTEGER) END)
        % coalesce(CAST(nullif(regexp_extract(item, '/(\d+)', 1), '') AS INTEGER), 1) = 0
    FOR item IN string_split(field, ',')
]);

WITH
told AS (
    SELECT CAST(_time AS DOUBLE) AS epoch, host, source, EventCode AS code, _raw AS raw,
        coalesce(TaskContent, TaskContentNew, Task_Content) AS content,
        coalesce(TaskName, Task_Name) AS task, SubjectUserName AS account,
        "columns.event" AS every, "columns.minute" AS minute, "columns.hour" AS hour,
        "columns.day_of_month" AS day_of_month, "columns.month" AS month,
        "columns.day_of_week" AS day_of_week, "columns.command" AS command,
        sourcetype = 'osquery:results' AND name LIKE '%crontab%'
            AND coalesce(action, '') <> 'removed' AS is_row
    FROM event
    WHERE epoch >= getvariable('window_start') AND epoch < getvariable('window_end')
),
-- Task Scheduler.
task AS (
    SELECT epoch, host, coalesce(account, '-') AS job_user,
        replace(replace(content, '&lt;', '<'), '&gt;', '>') AS xml,
        concat_ws(' ', task, coalesce(of_element(xml, 'Command'), ''),
            coalesce(of_element(xml, 'Arguments'), '')) AS job,
        instant(of_element(xml, 'Date') || 'Z') - epoch AS clock,
        round(clock / 900) * 900 AS zone
    FROM told
    WHERE code IN ('4698', '4702') AND lower(source) LIKE '%security%'
),
trigger AS (
    SELECT epoch, host, job_user, job,
        unnest(regexp_extract_all(
            xml, '(?s)<(?:Calendar|Time)Trigger[ >].*?</(?:Calendar|Time)Trigger>'
        )) AS trigger,
        CASE WHEN abs(clock - zone) <= 120 AND abs(zone) <= 50400 THEN zone END AS zone
    FROM task
    WHERE NOT regexp_matches(xml, '(?s)<Settings>.*<Enabled>false<')
),
term AS (
    SELECT epoch, host, job_user, job,
        of_element(trigger, 'StartBoundary') AS boundary,
        regexp_matches(boundary, '(Z|[+-]\d\d:\d\d)$') AS fixed,
        instant(boundary || CASE WHEN fixed THEN '' ELSE 'Z' END) AS anchor,
        CASE WHEN fixed THEN 0 ELSE coalesce(zone, 0) END AS ahead,
        CAST(of_element(trigger, 'DaysInterval') AS INTEGER) AS days,
        CASE WHEN trigger LIKE '%<ScheduleByWeek>%' THEN
            regexp_extract_all(trigger, '<(Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*day', 1)
        END AS weekdays,
        lasting(of_element(trigger, 'Interval')) AS repeated,
        lasting(of_element(trigger, 'Duration')) AS lasts,
        coalesce(lasting(of_element(trigger, 'RandomDelay')), 0) AS delay
    FROM trigger
    WHERE regexp_matches(trigger, '<(ScheduleByDay|ScheduleByWeek|Interval)>')
      AND NOT regexp_matches(trigger, '<ScheduleByMonth|<Enabled>false<')
      AND coalesce(of_element(trigger, 'WeeksInterval'), '1') = '1'
),
-- Local days of the window, as days since 1970.
local_day AS (
    SELECT unnest(generate_series(
        CAST(floor(getvariable('window_start') / 86400) AS BIGINT) - 3,
        CAST(ceil(getvariable('window_end') / 86400) AS BIGINT) + 3
    )) AS day
),
of_task AS (
    SELECT epoch, host, job_user, job, delay, ahead,
        CASE WHEN weekdays IS NOT NULL THEN 7 ELSE days END * 86400 AS cycle,
        day * 86400 + anchor % 86400 AS turn,
        unnest(CASE
            WHEN repeated IS NULL THEN [0]
            ELSE generate_series(0, CAST(least(coalesce(lasts, 86400), cycle) AS BIGINT) - 1,
                CAST(repeated AS BIGINT))
        END) AS further,
        turn + further - ahead AS start
    FROM term, local_day
    WHERE CASE
        WHEN weekdays IS NOT NULL
        THEN list_contains(weekdays, strftime(make_timestamp(day * 86400000000), '%a'))
        ELSE (day - CAST(floor(anchor / 86400) AS BIGINT)) % days = 0
    END
    UNION ALL
    SELECT epoch, host, job_user, job, delay, ahead, repeated, 0, 0,
        anchor - ahead + unnest(generate_series(
            CAST(floor((getvariable('window_start') - anchor) / repeated) AS BIGINT) - 2,
            CAST(ceil((getvariable('window_end') - anchor) / repeated) AS BIGINT) + 2
        )) * repeated
    FROM term
    WHERE weekdays IS NULL AND days IS NULL
),
-- cron and launchd.
crontab AS (
    SELECT epoch, host, source, unnest(string_split(raw, chr(10))) AS line,
        starts_with(source, '/etc/cron') AS has_user,
        CASE WHEN has_user THEN '-' ELSE parse_filename(source) END AS owner
    FROM told
    WHERE starts_with(source, '/etc/cron') OR starts_with(source, '/var/spool/cron/')
    UNION ALL
    SELECT epoch, host, source,
        CASE
            WHEN every LIKE '@%' THEN every || ' ' || command
            ELSE concat_ws(' ', minute, hour, day_of_month, month, day_of_week, command)
        END, false, '-'
    FROM told
    WHERE is_row
),
agent AS (
    SELECT epoch, host, regexp_extract(raw, '(?s)<key>Label</key>\s*<string>([^<]*)', 1) AS job,
        unnest(regexp_extract_all(
            regexp_extract(
                raw,
                '(?s)<key>StartCalendarInterval</key>\s*(<array>.*?</array>|<dict>.*?</dict>)', 1
            ),
            '(?s)<dict>.*?</dict>'
        )) AS given
    FROM told
    WHERE regexp_matches(source, '/Launch(Agents|Daemons)/')
      AND NOT regexp_matches(raw, '<key>Disabled</key>\s*<true')
),
line AS (
    SELECT epoch, host, has_user, owner,
        string_split_regex(trim(
            CASE regexp_extract(trim(line), '^@\w+')
                WHEN '@hourly' THEN '0 * * * *' || trim(line)[8:]
                WHEN '@daily' THEN '0 0 * * *' || trim(line)[7:]
                WHEN '@midnight' THEN '0 0 * * *' || trim(line)[10:]
                WHEN '@weekly' THEN '0 0 * * 0' || trim(line)[8:]
                ELSE line
            END
        ), '\s+') AS word
    FROM crontab
),
cron AS (
    SELECT epoch, host,
        CASE WHEN has_user THEN word[6] ELSE owner END AS job_user,
        array_to_string(word[CASE WHEN has_user THEN 7 ELSE 6 END:], ' ') AS job,
        word[1] AS minutes, word[2] AS hours, lower(word[5]) AS weekdays
    FROM line
    WHERE word[3] = '*' AND word[4] = '*' AND len(word) >= 6
      AND regexp_full_match(word[1] || word[2], '[0-9*,/-]+')
    UNION ALL
    SELECT epoch, host, '-', job, of_key(given, 'Minute'), of_key(given, 'Hour'),
        of_key(given, 'Weekday')
    FROM agent
    WHERE of_key(given, 'Day') = '*' AND of_key(given, 'Month') = '*'
),
numbered AS (
    SELECT * REPLACE (
        list_reduce(
            list_prepend(replace(weekdays, '-sun', '-7'), ['0sun', '1mon', '2tue', '3wed', '4thu', '5fri', '6sat']),
            (text, one) -> replace(text, one[2:], one[1])
        ) AS weekdays
    )
    FROM cron
),
of_cron AS (
    SELECT epoch, host, job_user, job, 0 AS delay,
        day * 86400 + minute * 60 AS start
    FROM numbered, local_day, (SELECT unnest(generate_series(0, 1439)) AS minute)
    WHERE in_field(minute % 60, minutes, 59) AND in_field(minute // 60, hours, 23)
      -- The first of January 1970 was a Thursday.
      AND (
          in_field((day + 4) % 7, weekdays, 6)
          OR (day + 4) % 7 = 0 AND in_field(7, weekdays, 6)
      )
),
declared AS (
    SELECT epoch, host, job_user, job, delay, list(DISTINCT start ORDER BY start) AS starts
    FROM of_task
    GROUP BY epoch, host, job_user, job, delay, ahead, cycle
    UNION ALL
    SELECT epoch, host, job_user, job, delay, list(DISTINCT start ORDER BY start)
    FROM of_cron
    GROUP BY epoch, host, job_user, job, delay
),
of_host AS (
    SELECT coalesce(
            host_address.address,
            CASE
                WHEN regexp_full_match(host, '[0-9.]+|[0-9a-fA-F:]+') THEN host
                ELSE lower(split_part(host, '.', 1))
            END
        ) AS src,
        job_user, job, delay, starts, min(epoch) AS created
    FROM declared
    LEFT JOIN host_address ON host_address.name = lower(split_part(host, '.', 1))
    WHERE len(starts) <= getvariable('declared_most')
        * (SELECT count(*) FROM local_day)
    GROUP BY ALL
),
deployed AS (
    SELECT regexp_replace(lower(job), '[0-9]+', '#', 'g') AS kind
    FROM of_host
    GROUP BY kind
    HAVING count(DISTINCT src) > getvariable('declared_hosts')
),
new_job AS (
    FROM of_host
    ANTI JOIN deployed ON kind = regexp_replace(lower(job), '[0-9]+', '#', 'g')
    WHERE created >= getvariable('window_start') + getvariable('declared_quiet')
),
job AS (
    SELECT src, job, job_user, min(created) AS job_created,
        sum(len(list_filter(starts, one -> one > created AND one <= getvariable('window_end'))))
            AS due,
        sum(len(list_filter(starts, one -> one > created AND one <= getvariable('window_end')))
            * (delay + getvariable('declared_seconds') + getvariable('declared_clock')))
            AS covered
    FROM new_job
    GROUP BY src, job, job_user
),
-- A flow that goes on is several rows, one for each hour: its bytes lie at its begin.
flow AS (
    SELECT src, dest, flow_begins AS epoch, client,
        sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in, list(DISTINCT hour) AS hours
    FROM (FROM contacts('any') SELECT * REPLACE (CASE WHEN client LIKE '#%' THEN '' ELSE client END AS client))
    GROUP BY 1, 2, 3, 4
),
paused AS (
    SELECT *,
        coalesce(epoch - lag(epoch) OVER turn > getvariable('declared_pause'), true) AS begins
    FROM flow
    WHERE bytes_out IS NULL OR bytes_out > getvariable('declared_bytes')
    WINDOW turn AS (PARTITION BY src, dest ORDER BY epoch)
),
counted AS (
    SELECT *,
        count(*) FILTER (begins) OVER (PARTITION BY src, dest ORDER BY epoch, client ROWS UNBOUNDED PRECEDING) AS number
    FROM paused
),
transfer AS (
    SELECT src, dest, number, min(epoch) AS first_epoch,
        sum(bytes_out) AS bytes, sum(bytes_in) AS bytes_in, flatten(list(hours)) AS hours
    FROM counted
    GROUP BY src, dest, number
),
fitting AS (
    SELECT transfer.*, new_job.job, new_job.job_user, created, one AS start
    FROM transfer
    JOIN new_job USING (src),
    UNNEST(starts) AS t(one)
    WHERE floor(first_epoch) - one
        BETWEEN -getvariable('declared_clock') AND delay + getvariable('declared_seconds')
),
hit AS (
    SELECT src, dest, number, job, job_user,
        min(start) FILTER (floor(first_epoch) >= created AND start > created) AS start,
        bool_or(floor(first_epoch) < created) AS early
    FROM fitting
    GROUP BY ALL
),
looked_at AS (
    SELECT transfer.*, job.* EXCLUDE (src), hit.start, coalesce(early, false) AS early,
        first_epoch >= job_created AS later
    FROM transfer
    JOIN job USING (src)
    LEFT JOIN hit USING (src, dest, number, job, job_user)
),
habit AS (
    SELECT src, job, job_user,
        count(*) FILTER (NOT later) AS earlier_all,
        count(*) FILTER (early) AS early_all,
        count(DISTINCT dest) FILTER (later) AS dests,
        (SELECT count(DISTINCT job) FROM job AS other WHERE other.src = looked_at.src) AS jobs
    FROM looked_at
    GROUP BY src, job, job_user
),
found AS (
    SELECT src, dest, job, job_user,
        count(*) FILTER (later) AS contacts,
        count(start) AS at_times,
        count(DISTINCT start) AS times,
        any_value(due) AS due, any_value(covered) AS covered,
        any_value(job_created) AS job_created,
        median(greatest(0, floor(first_epoch) - start)) FILTER (start IS NOT NULL) AS waited,
        min(first_epoch) AS met_first,
        min(first_epoch) FILTER (start IS NOT NULL) AS first_time,
        max(first_epoch) FILTER (start IS NOT NULL) AS last_time,
        sum(bytes) FILTER (start IS NOT NULL) AS bytes,
        sum(bytes_in) FILTER (start IS NOT NULL) AS bytes_in,
        list(observation(first_epoch, bytes)) FILTER (start IS NOT NULL) AS observations
    FROM looked_at
    GROUP BY src, dest, job, job_user
    HAVING times >= getvariable('declared_times') AND NOT bool_or(early)
       AND at_times >= contacts * getvariable('declared_share')
),
weighed AS (
    SELECT *,
        least(1, times / due) AS share,
        (early_all + 1) / (earlier_all + (getvariable('window_end') - job_created) / covered)
            * contacts / due AS rate,
        log10(dests * jobs) - CASE
            WHEN rate >= share THEN 0
            WHEN share = 1 THEN due * log10(1 / rate)
            ELSE due * (
                share * log10(share / rate) + (1 - share) * log10((1 - share) / (1 - rate))
            )
        END AS log10_chance
    FROM found
    JOIN habit USING (src, job, job_user)
),
best AS (
    SELECT DISTINCT ON (src, dest) *
    FROM weighed
    WHERE log10_chance <= log10(getvariable('declared_chance'))
    ORDER BY src, dest, log10_chance, job, job_user
)
SELECT best.src, best.dest, job, job_user, times, due, contacts, job_created,
    floor(waited + 0.5) AS waited, round(log10_chance, 4) AS log10_chance,
    CAST(bytes AS BIGINT) AS total_bytes,
    CAST(best.bytes_in AS BIGINT) AS bytes_in,
    floor(first_time) AS earliest,
    floor(last_time) AS latest,
    observations,
    is_listed(best.src, best.dest) AS listed,
    CASE WHEN coalesce(known_destination.first_seen, met_first) >= job_created THEN 8 ELSE 7 END
        AS floor
FROM best
LEFT JOIN known_destination USING (dest)
ORDER BY best.src, best.dest;
