-- Senders with enough independent signals: the kinds of evidence that stand in their findings, of which
-- schedule and volume are one, an unusual port, and several destinations that each have a schedule.
-- The score is that of the highest finding, or 10 with the doubt halved by each signal.
WITH
finding AS (
    FROM event
    WHERE sourcetype = 'stash' AND source LIKE 'T1029 - % - Rule'
      AND source <> 'T1029 - Several Signals for One Sender - Rule'
      AND CAST(_time AS DOUBLE) >= getvariable('window_start')
      AND CAST(_time AS DOUBLE) < getvariable('window_end')
),
seen AS (
    SELECT src, unnest(list_filter(string_split(signals_seen, E'\n'), kind -> kind <> '')) AS kind
    FROM finding
    UNION ALL
    SELECT src, 'port' AS kind
    FROM (
        SELECT src, unnest(regexp_extract_all(dest_port, '[0-9]+')) AS port FROM finding
    ) WHERE port NOT IN (SELECT dest_port FROM expected_service)
    UNION ALL
    SELECT src, 'destinations' AS kind
    FROM (
        SELECT src, source, unnest(string_split(coalesce(dest, dest_ip), E'\n')) AS one
        FROM finding WHERE schedule_of IS NULL
    )
    GROUP BY src, source
    HAVING count(DISTINCT one) >= getvariable('signals_destinations')
),
signal AS (
    SELECT src, count(DISTINCT CASE WHEN kind IN ('schedule', 'volume') THEN 'transfer' ELSE kind END)
        AS signals
    FROM seen
    GROUP BY src
),
sender AS (
    SELECT src, count(DISTINCT source) AS rules, max(CAST(risk_score AS DOUBLE)) AS peak
    FROM finding
    GROUP BY src
)
SELECT src, rules, signals, peak,
    greatest(peak, floor(100 - 100 / 2 ** least(signals, 5) + 0.5) / 10) AS risk_score
FROM sender JOIN signal USING (src)
WHERE signals >= getvariable('signals_kinds')
ORDER BY src;
