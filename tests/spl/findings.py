"""Findings as Splunk keeps them in the summary index."""

from tests.spl.events import DAY, INSIDE, OUTSIDE, Event

APP = "c2NoZWR1bGVkX3RyYW5zZmVy"


def sid(ran: float, app: str = f"_{APP}") -> str:
    """Return the id of a scheduled run at a time."""
    return f"scheduler__nobody{app}__RMD50123456789abcdef_at_{int(ran)}_7"


def finding(rule: str, risk: float, ran: float, /, **fields: object) -> Event:
    """Return what is stored of a row that a rule found on its run at a time, over a day."""
    return {
        "_time": int(ran) - DAY,
        "index": "summary",
        "host": "search_head",
        "source": f"T1029 - {rule} - Rule",
        "sourcetype": "stash",
        "_indextime": ran + 30,
        "sid": sid(ran),
        "info_min_time": f"{ran - DAY:.3f}",
        "info_max_time": f"{ran:.3f}",
        "info_search_time": f"{ran:.3f}",
        "src": INSIDE,
        "dest_ip": OUTSIDE,
        "risk_score": risk,
        "schedule": "every 10 min",
        **fields,
    }
