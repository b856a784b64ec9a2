-- What the queries of the rules share, beside the flows of flows.sql.

CREATE OR REPLACE TEMP MACRO known(found) AS
    coalesce(list_sort(list(DISTINCT found) FILTER (found IS NOT NULL)), []);

CREATE OR REPLACE TEMP MACRO observation(epoch, bytes) AS
    CAST(floor(epoch) AS BIGINT)
    || CASE WHEN bytes IS NULL THEN '' ELSE ':' || CAST(bytes AS BIGINT) END;

-- Of the flows of an hour: how many began, what was sent, and first and last, the hour's own where
-- none began in it. Where anything was sent, the hour begins and ends with the sending.
CREATE OR REPLACE TEMP MACRO bytes_of(part) AS round(sum(part));

CREATE OR REPLACE TEMP TABLE hourly AS
SELECT src, dest, hour,
    count(began) AS connections,
    bytes_of(bytes_out) AS bytes,
    bytes_of(bytes_in) AS bytes_in,
    coalesce(min(began), min(since)) AS first_epoch,
    coalesce(max(began), max(until)) AS last_epoch,
    coalesce(min(began) FILTER (flow_bytes > 0), CASE WHEN bytes > 0 THEN min(since) END)
        AS first_sent,
    coalesce(max(began) FILTER (flow_bytes > 0), CASE WHEN bytes > 0 THEN max(until) END)
        AS last_sent,
    count(began) FILTER (flow_bytes > getvariable('recurring_event_bytes')) AS large,
    min(began) FILTER (flow_bytes > getvariable('recurring_event_bytes')) AS first_large,
    max(began) FILTER (flow_bytes > getvariable('recurring_event_bytes')) AS last_large
FROM heard_flows('any')
GROUP BY src, dest, hour;

-- Names are those of all sensors that saw the pair in an hour, also of those that do not count.
CREATE OR REPLACE TEMP VIEW named_hour AS
SELECT src, dest, hour, host, program, port, app, dest_name
FROM flow_hour
SEMI JOIN hourly USING (src, dest, hour);

CREATE OR REPLACE TEMP VIEW pair_values AS
SELECT src, dest,
    known(host) AS host, known(program) AS process, known(port) AS dest_port, known(app) AS app,
    known(dest_name) AS dest_name
FROM named_hour
GROUP BY src, dest;

-- Of a pair with one name the name decides who else talks to it, since many share an address.
CREATE OR REPLACE TEMP TABLE known_as AS
SELECT src, dest,
    CASE WHEN count(DISTINCT dest_name) = 1 THEN any_value(dest_name) ELSE dest END AS known_as
FROM flow_hour
GROUP BY src, dest;

CREATE OR REPLACE TEMP TABLE listed_pair AS
SELECT DISTINCT src, dest
FROM known_as
JOIN suspicious_name
    ON under(known_as, domain) AND (expires IS NULL OR expires >= getvariable('today'));

CREATE OR REPLACE TEMP MACRO is_listed(of_src, of_dest) AS
    of_dest IN (FROM listed_destination) OR (of_src, of_dest) IN (SELECT (src, dest) FROM listed_pair);

CREATE OR REPLACE TEMP VIEW prevalence AS
SELECT src, dest,
    senders,
    (SELECT count(DISTINCT src) FROM hourly) AS population
FROM known_as
JOIN (
    SELECT known_as, count(DISTINCT src) AS senders
    FROM known_as SEMI JOIN hourly USING (src, dest)
    GROUP BY known_as
) USING (known_as);

-- Flows that began within the window, by the hours that count: a flow that goes on is one row for
-- each hour, of which one has `began`. What nothing tells apart is one.
CREATE OR REPLACE TEMP MACRO contacts(thing) AS TABLE
SELECT DISTINCT ON (
        src, dest, hour, flow_begins, bytes_out, bytes_in, began,
        CASE WHEN client LIKE '#%' THEN '' ELSE client END,
        CASE WHEN thing = 'program' THEN lower_program END
    ) *
FROM heard_flows(thing)
WHERE flow_begins >= getvariable('window_start');

-- What normally has no network communication lies where the system keeps it; what runs scripts
-- lies anywhere.
CREATE OR REPLACE TEMP MACRO folder_of(path) AS regexp_replace(path, '[^\\/]*$', '');

CREATE OR REPLACE TEMP MACRO name_of(path) AS parse_filename(replace(path, '\', '/'));

CREATE OR REPLACE TEMP MACRO silent_program(path) AS
regexp_full_match(
    folder_of(path),
    '[a-z]:\\windows\\((system32|syswow64)\\(wbem\\)?|microsoft[.]net\\framework(64)?\\v[^\\]+\\)?'
) AND name_of(path) IN (
    'notepad.exe', 'write.exe', 'calc.exe', 'win32calc.exe', 'charmap.exe', 'mspaint.exe',
    'regsvr32.exe', 'odbcconf.exe', 'cmstp.exe', 'control.exe', 'dialer.exe', 'iexpress.exe',
    'infdefaultinstall.exe', 'mavinject.exe', 'xwizard.exe', 'installutil.exe', 'addinutil.exe',
    'regasm.exe', 'regsvcs.exe', 'csc.exe', 'vbc.exe', 'jsc.exe', 'cvtres.exe',
    'aspnet_compiler.exe', 'microsoft.workflow.compiler.exe', 'msbuild.exe', 'conhost.exe',
    'csrss.exe', 'dwm.exe', 'fontdrvhost.exe', 'smss.exe', 'scrcons.exe'
)
OR folder_of(path) IN ('/bin/', '/usr/bin/')
AND name_of(path) IN ('cat', 'cp', 'dd', 'ls', 'mv', 'sleep', 'tail', 'tee');

CREATE OR REPLACE TEMP MACRO script_host(path) AS name_of(path) IN (
    'powershell.exe', 'powershell_ise.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe',
    'cmd.exe', 'rundll32.exe', 'pwsh', 'bash', 'dash', 'ksh', 'sh', 'zsh', 'osascript'
);

CREATE OR REPLACE TEMP MACRO program_kind(paths, senders) AS CASE
    WHEN coalesce(len(paths), 0) = 0
        OR NOT list_bool_and([silent_program(path) OR script_host(path) FOR path IN paths])
        THEN NULL
    WHEN list_bool_or([silent_program(path) FOR path IN paths]) THEN 'silent program'
    WHEN coalesce(senders, 1) <= getvariable('process_hosts') THEN 'script host'
END;

-- What was known early enough to be trusted: before the days of learning.
CREATE OR REPLACE TEMP MACRO long_known(first_seen) AS
    first_seen <= getvariable('now') - 86400 * getvariable('learning_days');
