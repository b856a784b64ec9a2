-- Senders that enough different rules have reported, with enough risk in sum; of each rule the
-- highest finding counts.
WITH
signal AS (
    SELECT src, source AS rule,
        max(CAST(risk_score AS DOUBLE)) AS risk,
        flatten(list(string_split(dest_ip, E'\n'))) AS dest_ip
    FROM finding
    WHERE source <> 'T1029 - Several Signals for One Sender - Rule'
    GROUP BY src, source
)
SELECT src,
    count(*) AS signals,
    sum(risk) AS risk_sum,
    max(risk) AS peak,
    list_sort(list_distinct(flatten(list(dest_ip)))) AS dest_ip,
    least(10, max(risk) + (count(*) - 1) / 2) AS risk_score
FROM signal
GROUP BY src
HAVING count(*) >= getvariable('signals_rules') AND sum(risk) >= getvariable('signals_sum')
ORDER BY src;
