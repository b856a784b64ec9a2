-- Senders with enough different signals: the rules that reported them, and what stands in the
-- findings of any rule: a listed address, an unusual port, pauses that vary within bounds, uploads
-- on a schedule, a program that normally does not connect or that runs scripts (unless a finding is
-- there for that alone), several destinations that each have a schedule. Of each rule the highest
-- finding counts.
WITH
finding AS (
    FROM event
    WHERE sourcetype = 'stash' AND source LIKE 'T1029 - % - Rule'
      AND CAST(_time AS DOUBLE) >= getvariable('window_start')
      AND CAST(_time AS DOUBLE) < getvariable('window_end')
),
strange_port AS (
    SELECT unnest(regexp_extract_all(dest_port, '[0-9]+')) AS port FROM finding
    EXCEPT SELECT dest_port FROM expected_service
),
reported AS (
    SELECT src, source AS rule, CAST(risk_score AS DOUBLE) AS risk,
        string_split(coalesce(dest, dest_ip), E'\n') AS dest,
        coalesce(listed, '') <> '' AS listed,
        list_has_any(
            regexp_extract_all(coalesce(dest_port, ''), '[0-9]+'),
            (SELECT coalesce(list(port), []) FROM strange_port)
        ) AS strange,
        coalesce(
            CAST(beats AS DOUBLE) >= 50
            AND (CAST(bins AS DOUBLE) - CAST(beats AS DOUBLE)) / (CAST(bins AS DOUBLE) - 1) <= 0.1
            AND CAST(jitter AS DOUBLE) >= 0.15,
            false
        ) AS varied,
        coalesce(
            CAST(period AS DOUBLE) > 0
            AND CAST(total_bytes AS DOUBLE)
                >= greatest(getvariable('signals_bytes'), 4 * CAST(bytes_in AS DOUBLE))
            AND bytes_in IS NOT NULL,
            false
        ) AS upload,
        CASE WHEN CAST(period AS DOUBLE) > 0 THEN program_kind(
            list_filter(string_split(lower(process), E'\n'), path -> path <> ''),
            CAST(senders AS DOUBLE)
        ) END AS kind,
        coalesce(program_reason, '') <> '' AS for_its_program,
        schedule_of IS NULL AS of_one_destination
    FROM finding
    WHERE source <> 'T1029 - Several Signals for One Sender - Rule'
),
signal AS (
    SELECT src, rule,
        max(risk) AS risk,
        bool_or(listed) AS listed,
        bool_or(strange) AS strange,
        bool_or(varied) AS varied,
        bool_or(upload) AS upload,
        coalesce(bool_or(kind = 'silent program'), false) AS silent,
        coalesce(bool_or(kind = 'script host'), false) AS script,
        bool_or(for_its_program) AS for_its_program,
        len(list_distinct(flatten(list(dest) FILTER (of_one_destination))))
            >= getvariable('signals_destinations') AS several
    FROM reported
    GROUP BY src, rule
),
sender AS (
    SELECT src,
        count(*) AS rules,
        count(*) + CAST(bool_or(listed) AS INTEGER) + CAST(bool_or(strange) AS INTEGER)
            + CAST(bool_or(varied) AS INTEGER) + CAST(bool_or(upload) AS INTEGER)
            + CASE WHEN bool_or(for_its_program) THEN 0
                ELSE CAST(bool_or(silent) AS INTEGER) + CAST(bool_or(script) AS INTEGER) END
            + CAST(coalesce(bool_or(several), false) AS INTEGER)
            AS signals,
        max(risk) AS peak
    FROM signal
    GROUP BY src
)
SELECT src, rules, signals, peak, least(10, peak + (signals - 1) / 2) AS risk_score
FROM sender
WHERE signals >= getvariable('signals_kinds')
ORDER BY src;
