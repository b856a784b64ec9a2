"""Microsoft Sentinel's beaconing rule on firewall traffic.

Source: Azure/Azure-Sentinel, "Palo Alto - potential beaconing detected". Within a clock hour:
gaps over 25 s; more than 30 of them; the most common gap (in whole
seconds) more than 25 times; its share over 80 %.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from ..pairs import HOUR, Pair

MIN_GAP = 25
MIN_TOTAL = 30
MIN_SAME = 25


def hour_share(gaps: Sequence[int]) -> float:
    """Share of the most common gap of one hour, 0 unless both counts pass (the rule: over 0.8)."""
    if len(gaps) <= MIN_TOTAL:
        return 0.0
    same = Counter(gaps).most_common(1)[0][1]
    return same / len(gaps) if same > MIN_SAME else 0.0


def score(pair: Pair) -> float:
    """The share of the best hour."""
    hours = defaultdict(list)
    seconds = list(map(int, pair.epochs))
    for earlier, later in zip(seconds, seconds[1:]):
        if later - earlier > MIN_GAP:
            hours[earlier // HOUR].append(later - earlier)
    return max(map(hour_share, hours.values()), default=0.0)
