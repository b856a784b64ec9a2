-- Senders with enough different signals: the rules that reported them, and what stands in the
-- findings of any rule: a listed address, a strange port, pauses that vary within bounds, several
-- destinations that each have a schedule. Of each rule the highest finding counts.
WITH
strange_port AS (
    SELECT unnest(regexp_extract_all(dest_port, '[0-9]+')) AS port FROM finding
    EXCEPT SELECT dest_port FROM expected_service
),
told AS (
    SELECT src, source AS rule, CAST(risk_score AS DOUBLE) AS risk,
        string_split(dest_ip, E'\n') AS dest_ip,
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
        len(list_distinct(flatten(list(dest_ip) FILTER (of_one_destination))))
            >= getvariable('signals_destinations') AS several
    FROM told
    GROUP BY src, rule
),
sender AS (
    SELECT src,
        count(*) AS rules,
        count(*) + CAST(bool_or(listed) AS INTEGER) + CAST(bool_or(strange) AS INTEGER)
            + CAST(bool_or(varied) AS INTEGER) + CAST(coalesce(bool_or(several), false) AS INTEGER)
            AS signals,
        max(risk) AS peak
    FROM signal
    GROUP BY src
)
SELECT src, rules, signals, peak, least(10, peak + (signals - 1) / 2) AS risk_score
FROM sender
WHERE signals >= getvariable('signals_kinds')
ORDER BY src;
