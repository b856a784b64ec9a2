-- From the events of connection to flows, however many events report each; to the hours in which
-- their bytes flowed; and to those of them that count where several sensors see one pair.

CREATE OR REPLACE TEMP MACRO hour_of(epoch) AS CAST(floor(epoch / 3600) AS BIGINT);

-- Events of one flow, each with how much was sent since the event before.
CREATE OR REPLACE TEMP TABLE report AS
WITH
-- An event that a sensor wrote twice counts once. Where nothing tells two flows of a moment apart,
-- they are two.
once AS (
    SELECT DISTINCT ON (
        sensor, product, src, dest, direction, port, app, program, mac, still_open,
        begins, ends, bytes_out, bytes_in, client
    ) *
    FROM (
        SELECT *,
            host || ' ' || product AS sensor,
            coalesce(client_port, flow_name, '#' || row_number() OVER ()) AS client
        FROM connection
    )
),
-- What reports open flows gives each a name, so that their events can be put together; the last
-- event of a flow that was short is the only one.
named AS (
    SELECT *,
        CASE
            WHEN pieces THEN 'pieces ' || coalesce(client_port, '')
            WHEN coalesce(flow_name, client_port) IS NULL THEN NULL
            WHEN still_open OR seconds >= reports_after
            THEN coalesce(flow_name, '') || ' ' || coalesce(client_port, '')
        END AS name,
        row_number() OVER () AS number
    FROM once
),
-- Of two events that report a flow up to the same instant the one with more bytes is the later.
latest AS (
    FROM named
    QUALIFY name IS NULL OR pieces OR row_number() OVER (
        PARTITION BY src, dest, sensor, name, begins, ends ORDER BY bytes_out DESC
    ) = 1
),
-- Names are used again: an event is of the flow of the event before if it reaches back beyond that.
-- Of pieces, what comes within eleven minutes goes on.
in_turn AS (
    SELECT *,
        lag(ends) OVER turn AS ended_before,
        coalesce(begins < ended_before + CASE WHEN pieces THEN 660 ELSE 0 END, false) AS goes_on
    FROM latest
    WINDOW turn AS (
        PARTITION BY src, dest, sensor, coalesce(name, '#' || number) ORDER BY ends, bytes_out
    )
),
numbered AS (
    SELECT *,
        count(*) FILTER (NOT goes_on) OVER (
            PARTITION BY src, dest, sensor, coalesce(name, '#' || number)
            ORDER BY ends, bytes_out, number
        ) AS turn
    FROM in_turn
),
counted AS (
    SELECT *,
        lag(bytes_out) OVER flow AS out_before,
        lag(bytes_in) OVER flow AS in_before,
        lag(ends) OVER flow AS reported_before,
        first_value(begins) OVER flow AS flow_begins,
        row_number() OVER flow = 1 AS is_first
    FROM numbered
    WINDOW flow AS (
        PARTITION BY src, dest, sensor, coalesce(name, '#' || number), turn
        ORDER BY ends, bytes_out, number
    )
)
SELECT
    src, dest, dest_name, direction, sensor, host, log, port, app, program, mac, client,
    coalesce(name, '#' || number) AS name, turn,
    is_first, flow_begins,
    CASE WHEN pieces OR is_first THEN begins ELSE reported_before END AS since,
    ends AS until,
    -- A count that went down began again.
    CASE WHEN NOT pieces AND out_before <= bytes_out THEN bytes_out - out_before ELSE bytes_out END
        AS grown_out,
    CASE WHEN NOT pieces AND in_before <= bytes_in THEN bytes_in - in_before ELSE bytes_in END
        AS grown_in
FROM counted;

-- What of a report lies in each hour, by its seconds in that hour: one row for each. `began` is
-- when the flow began, in the row of that hour only.
CREATE OR REPLACE TEMP TABLE flow_hour AS
WITH
flow AS (
    SELECT src, dest, sensor, name, turn, sum(grown_out) AS flow_bytes
    FROM report
    GROUP BY ALL
),
parted AS (
    SELECT *,
        unnest(generate_series(
            hour_of(since), greatest(hour_of(since), CAST(ceil(until / 3600) AS BIGINT) - 1)
        )) AS hour
    FROM report
),
shared AS (
    SELECT * EXCLUDE (since, until),
        greatest(since, hour * 3600) AS since,
        greatest(since, least(until, (hour + 1) * 3600)) AS until,
        CASE
            WHEN until <= since THEN 1
            ELSE (least(until, (hour + 1) * 3600) - greatest(since, hour * 3600)) / (until - since)
        END AS share
    FROM parted
)
SELECT src, dest, dest_name, direction, hour, sensor,
    coalesce(sensor_group.name, sensor) AS speaker,
    host, log, port, app, lower(program) AS lower_program, program, client,
    rtrim(regexp_replace(
        regexp_replace(lower(mac), '[^0-9a-f]', '', 'g'), '([0-9a-f]{2})', '\1:', 'g'
    ), ':') AS mac,
    since, until, flow_begins,
    CASE WHEN is_first AND hour = hour_of(flow_begins) THEN flow_begins END AS began,
    grown_out * share AS weight,
    round(grown_out * share) AS bytes_out,
    round(grown_in * share) AS bytes_in,
    flow_bytes
FROM shared
JOIN flow USING (src, dest, sensor, name, turn)
LEFT JOIN sensor_group USING (host)
WHERE (hour + 1) * 3600 > getvariable('window_start');

-- True where what one sensor saw in an hour may be what another saw in that hour or next to it:
-- clocks that differ put one flow on both sides of the full hour.
CREATE OR REPLACE TEMP MACRO same_traffic(this, other) AS
    other.hour = this.hour
    OR other.hour = this.hour - 1
        AND this.until < this.hour * 3600 + 600 AND other.until >= this.hour * 3600 - 600
    OR other.hour = this.hour + 1
        AND this.since >= other.hour * 3600 - 600 AND other.since < other.hour * 3600 + 600;

-- The hours of each sensor (or group of sensors) that count for a pair. Of those that know a thing
-- (any, a program, a service, a mac) the one that saw most bytes speaks, then the one that saw most
-- connections, then the first by name; and so on, in hours in which those before saw nothing.
CREATE OR REPLACE TEMP MACRO heard(thing) AS TABLE
WITH RECURSIVE
known AS (
    FROM flow_hour
    WHERE CASE thing
        WHEN 'any' THEN true
        WHEN 'program' THEN program IS NOT NULL
        -- What is spoken behind a proxy is not known.
        WHEN 'service' THEN log = 'zeek' AND dest IS DISTINCT FROM dest_name
        WHEN 'mac' THEN mac IS NOT NULL
    END
),
seen AS (
    SELECT src, dest, speaker, hour,
        sum(weight) AS bytes, count(began) AS connections,
        min(since) AS since, max(until) AS until
    FROM known
    GROUP BY src, dest, speaker, hour
),
ranked AS (
    SELECT src, dest, speaker,
        row_number() OVER (
            PARTITION BY src, dest
            ORDER BY round(coalesce(sum(bytes), 0)) DESC, sum(connections) DESC, speaker
        ) AS rank,
        list({'hour': hour, 'since': since, 'until': until}) AS hours
    FROM seen
    GROUP BY src, dest, speaker
),
turn AS (
    SELECT src, dest, speaker, rank, hours AS added, hours AS so_far
    FROM ranked
    WHERE rank = 1
    UNION ALL
    SELECT src, dest, speaker, rank, added, list_concat(so_far, added)
    FROM (
        SELECT ranked.*, turn.so_far,
            list_filter(ranked.hours, one -> NOT coalesce(list_bool_or(
                list_transform(turn.so_far, other -> same_traffic(one, other))
            ), false)) AS added
        FROM turn
        JOIN ranked
            ON ranked.src = turn.src AND ranked.dest = turn.dest
            AND ranked.rank = turn.rank + 1
    )
)
SELECT src, dest, speaker, hour
FROM (SELECT src, dest, speaker, unnest(added, recursive := true) FROM turn);

-- The hours that count, with what was sent in them.
CREATE OR REPLACE TEMP MACRO heard_flows(thing) AS TABLE
SELECT flow_hour.*
FROM flow_hour
JOIN heard(thing) USING (src, dest, speaker, hour);
