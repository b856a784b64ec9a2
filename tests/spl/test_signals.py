"""Several signals for one sender: what the rule prints, and what it reads."""

from detections.several_signals_for_one_sender.cases import NOW, ran
from tests.spl.events import HOUR, INSIDE, night, zeek
from tests.spl.findings import finding
from tests.spl.lists import ListRow, Lists
from tests.spl.rules import DAILY, HIGH_VOLUME, SIGNALS
from tests.spl.searches import rows_of


def test_the_story_is_in_order(tmp_path):
    findings = [
        finding("A", 7, ran(1), signals_seen="schedule\njob"),
        finding("B", 8, ran(3), schedule="daily 02:14", signals_seen="schedule"),
    ]
    ((row,),) = rows_of(findings, SIGNALS.search, folder=tmp_path, now=NOW)
    assert row["story"] == [
        "2026-02-07 B 8 (schedule): daily 02:14 to 203.0.113.9",
        "2026-02-09 A 7 (job, schedule): every 10 min to 203.0.113.9",
    ]


def test_what_the_rules_store_today_is_a_signal_today(tmp_path):
    """What rules report within the hour before must be among the signals: a transfer, a list."""
    events = [zeek(night(day), 150_000_000) for day in range(30)]
    lists = Lists(suspicious=(ListRow("203.0.113.0/24"),))
    now = night(30)
    runs = (DAILY.search, now), (HIGH_VOLUME.search, now), (SIGNALS.search, now + HOUR)
    daily, high_volume, signals = rows_of(events, *runs, folder=tmp_path, lists=lists)
    assert daily
    assert high_volume
    assert [row["src"] for row in signals] == [INSIDE]
