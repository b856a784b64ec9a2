-- What the queries of the rules share, beside the connections of connections.sql.

CREATE OR REPLACE TEMP MACRO known(found) AS
    coalesce(list_sort(list(DISTINCT found) FILTER (found IS NOT NULL)), []);

CREATE OR REPLACE TEMP MACRO observation(epoch, bytes) AS
    CAST(floor(epoch) AS BIGINT)
    || CASE WHEN bytes IS NULL THEN '' ELSE ':' || CAST(bytes AS BIGINT) END;

-- One row for each pair and each time bin of so many seconds in which it was active. What several
-- products log of one bin counts once: the largest figure of any of them.
CREATE OR REPLACE TEMP MACRO active_bins(seconds) AS TABLE
WITH logged AS (
    SELECT src, dest_ip, sourcetype,
        CAST(floor(epoch / seconds) AS BIGINT) AS bin,
        count(*) AS connections,
        sum(bytes_out) AS bytes,
        sum(bytes_in) AS bytes_in,
        min(epoch) AS first_epoch,
        max(epoch) AS last_epoch,
        min(epoch) FILTER (bytes_out > getvariable('volume_event_bytes')) AS first_sent,
        max(epoch) FILTER (bytes_out > getvariable('volume_event_bytes')) AS last_sent
    FROM connection
    GROUP BY src, dest_ip, sourcetype, bin
)
SELECT src, dest_ip, bin,
    max(connections) AS connections,
    max(bytes) AS bytes,
    max(bytes_in) AS bytes_in,
    min(first_epoch) AS first_epoch,
    max(last_epoch) AS last_epoch,
    -- Where anything was sent, the hour begins and ends with the sending.
    coalesce(min(first_sent), min(first_epoch)) AS sending_first,
    coalesce(max(last_sent), max(last_epoch)) AS sending_last
FROM logged
GROUP BY src, dest_ip, bin;

CREATE OR REPLACE TEMP VIEW pair_values AS
SELECT src, dest_ip,
    known(host) AS host, known(program) AS process, known(port) AS dest_port, known(app) AS app
FROM connection
GROUP BY src, dest_ip;

CREATE OR REPLACE TEMP VIEW prevalence AS
SELECT dest_ip,
    count(DISTINCT src) AS senders,
    (SELECT count(DISTINCT src) FROM connection) AS population
FROM connection
GROUP BY dest_ip;

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
