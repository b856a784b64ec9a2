-- What the further rules share, after transfers.sql.

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

-- What was known early enough to be trusted: before the days of learning.
CREATE OR REPLACE TEMP MACRO long_known(first_seen) AS
    first_seen <= getvariable('now') - 86400 * getvariable('learning_days');
