"""Cases of jobs that declare their times, and of transfers at these times and beside them."""

from functools import partial

from hypothesis import strategies as st

from tests.spl.case import Drawn, case, pair, sites
from tests.spl.drawn import SENDERS, SERVERS
from tests.spl.events import DAY, HOUR, INSIDE, OUTSIDE, Event, at, night, palo_alto, sysmon, zeek
from tests.spl.lists import NOTHING, Lists, known_host

KEY = ("src", "dest")
SCORED = {"declared_risk": "risk_score"}
TASK = "\\Site\\Report"
RUNS = f"{TASK} C:\\sync.exe -q"
DAILY = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
# The host's address is known unless a case says otherwise.
case = partial(case, lists=known_host())


def trigger(
    inner: str = DAILY, start: str = "2026-01-02T02:14:00", kind: str = "CalendarTrigger"
) -> str:
    return f"<{kind}><StartBoundary>{start}</StartBoundary>{inner}</{kind}>"


def task_xml(*triggers: str, date: str = "", settings: str = "<Enabled>true</Enabled>") -> str:
    """Return a task as Windows audits it."""
    registered = f"<Date>{date}</Date>" if date else ""
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2">\r\n'
        f"  <RegistrationInfo>{registered}</RegistrationInfo>\r\n"
        f"  <Triggers>{''.join(triggers or (trigger(),))}</Triggers>\r\n"
        f"  <Settings>{settings}</Settings>\r\n"
        "  <Actions><Exec><Command>C:\\sync.exe</Command><Arguments>-q</Arguments></Exec></Actions>"
        "\r\n</Task>"
    )


def declared(epoch: float, content: str = "", code: int = 4698, **fields: object) -> Event:
    """Return what Windows audits of a task that was created, or (4702) updated."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": "XmlWinEventLog:Security",
        "sourcetype": "XmlWinEventLog",
        "EventCode": code,
        "TaskName": TASK,
        "SubjectUserName": "ann",
        ("TaskContent" if code == 4698 else "TaskContentNew"): content or task_xml(),
    }
    return {name: value for name, value in {**event, **fields}.items() if value is not None}


def of_file(epoch: float, source: str, text: str, **fields: object) -> Event:
    """Return a file that is monitored, as one event."""
    event = {"_time": epoch, "host": "ws-7", "source": source, "sourcetype": "config_file"}
    return {**event, "_raw": text, **fields}


def crontab(epoch: float, line: str, source: str = "/var/spool/cron/crontabs/ann") -> Event:
    return of_file(epoch, source, f"# m h dom mon dow command\n{line}\n")


def of_osquery(epoch: float, minute: str, hour: str, **fields: object) -> Event:
    """Return a row of osquery's table crontab."""
    row = {"day_of_month": "*", "month": "*", "day_of_week": "*", "command": "/opt/sync"}
    columns = {f"columns.{name}": value for name, value in row.items()}
    event = {"_time": epoch, "host": "ws-7", "source": "osqueryd.results.log"}
    named = {"sourcetype": "osquery:results", "name": "pack_it_crontab", "action": "added"}
    return {**event, **named, **columns, "columns.minute": minute, "columns.hour": hour, **fields}


def plist(epoch: float, *times: str, more: str = "") -> Event:
    """Return a property list of launchd with these times, each the inside of a dict."""
    dicts = "".join(f"<dict>{one}</dict>" for one in times)
    given = f"<array>{dicts}</array>" if len(times) > 1 else dicts
    return of_file(
        epoch,
        "/Library/LaunchDaemons/com.example.sync.plist",
        "<plist><dict>\n<key>Label</key>\n<string>com.example.sync</string>\n"
        f"<key>StartCalendarInterval</key>\n{given}\n{more}\n</dict></plist>",
    )


def clock(hour: int, minute: int = 14, **more: int) -> str:
    keys = {"Hour": hour, "Minute": minute, **more}
    return "".join(f"<key>{key}</key><integer>{value}</integer>" for key, value in keys.items())


NEW = night(2, 3600)
TERSE = {"declared_chance": 1}


def sent(*days: int, second: float = 860, size: object = 100_001, **fields: object) -> list[Event]:
    """Return a transfer a night, twenty seconds after 02:14 where nothing else is said."""
    return [zeek(night(day, second), size, **fields) for day in days]


def others(number: int, destinations: int = 10, first: float = night(3, 5 * HOUR)) -> list[Event]:
    """Return transfers of the same host to so many other destinations, eleven minutes apart."""
    return [
        zeek(first + 660 * place, 200_000, **{"id.resp_h": f"198.51.100.{place % destinations}"})
        for place in range(number)
    ]


def busy(second: float) -> list[Event]:
    """Return transfers to twenty other destinations, on two nights before the job was declared."""
    return [
        event
        for place in range(20)
        for event in sent(1, 2, second=second + place, **{"id.resp_h": f"198.51.100.{place}"})
    ]


def weekly(*days: str) -> str:
    inside = "".join(f"<{day} />" for day in days)
    return (
        "<ScheduleByWeek><WeeksInterval>1</WeeksInterval>"
        f"<DaysOfWeek>{inside}</DaysOfWeek></ScheduleByWeek>"
    )


def repeated(interval: str, duration: str = "") -> str:
    lasts = f"<Duration>{duration}</Duration>" if duration else ""
    return f"<Repetition><Interval>{interval}</Interval>{lasts}</Repetition>"


def hourly(*hours: float, second: float = 860) -> list[Event]:
    return [zeek(night(3, second + HOUR * hour), 100_001) for hour in hours]


def on_many_hosts(hosts: int) -> list[Event]:
    return [
        declared(NEW, host=f"10.3.0.{number}", TaskName=f"{TASK}{number}")
        for number in range(hosts)
    ]


def met(first_seen: float) -> Lists:
    row = {"dest": OUTSIDE, "senders": 1, "first_seen": first_seen}
    return known_host(destinations=(row,))


SHAPES = (
    (DAILY, "CalendarTrigger"),
    (weekly("Friday", "Saturday"), "CalendarTrigger"),
    (repeated("PT7H"), "TimeTrigger"),
    (repeated("PT1H", "PT3H") + DAILY, "CalendarTrigger"),
)
STARTS = ("2026-01-01T02:00:00", "2025-12-30T04:00:00Z")


@st.composite
def declarations(draw) -> Event:
    """Draw what declares a job that starts in the first hours of the day, named by its times."""
    when = NEW + draw(st.sampled_from((-DAY, 0, 0, 60, HOUR)))
    make = draw(st.sampled_from(("task", "task", "crontab", "osquery", "plist")))
    if make == "task":
        shape, kind = draw(st.sampled_from(SHAPES))
        start = draw(st.sampled_from(STARTS))
        delay = draw(st.sampled_from(("", "<RandomDelay>PT5M</RandomDelay>")))
        date = draw(st.sampled_from(("", "2026-01-03T04:00:10.5")))
        content = task_xml(trigger(shape + delay, start, kind), date=date)
        named = TASK + str((SHAPES.index((shape, kind)), start, delay, date == ""))
        return declared(when, content, TaskName=named)
    if make == "plist":
        return plist(when, clock(2, 0), clock(4, 0), more=draw(st.sampled_from(("", "<true/>"))))
    hours = draw(st.sampled_from(("2", "2-4", "*/2", "2,4", "*")))
    minutes = draw(st.sampled_from(("0", "0", "14", "0,30", "1-59/20")))
    days = draw(st.sampled_from(("*", "*", "1-5", "sat,sun", "4-7")))
    command = f"/opt/sync {minutes} {hours} {days} | tee /tmp/a"
    if make == "crontab":
        return crontab(when, f"{minutes} {hours} * * {days} {command}")
    columns = {"columns.day_of_week": days, "columns.command": command}
    return of_osquery(when, minutes, hours, **columns)


@st.composite
def transfers(draw) -> list[Event]:
    """Draw a transfer, and when it is made again: around full hours of five nights."""
    ends = {"id.resp_h": draw(st.sampled_from(SERVERS[:2])), "id.orig_h": SENDERS[0]}
    size = draw(st.sampled_from((None, 40, 60, 1000)))
    days = draw(st.sampled_from(((3, 4), (3, 4, 5), (1, 3, 4), (2, 3, 5))))
    hour, second = draw(st.sampled_from((2, 2, 4, 9))), draw(st.sampled_from((-20, 0, 5, 60, 850)))
    return [zeek(at(24 * day + hour, second), size, **ends) for day in days]


CASES = [
    case("one-night", [declared(NEW), *sent(3)]),
    case(
        "second-night",
        [declared(NEW), *sent(3, 4)],
        pair(times=2, due=2, contacts=2, waited=20, job=RUNS, job_user="ann", floor=8),
    ),
    case(
        "four-nights",
        [declared(NEW), *sent(3, 4, 5, 6)],
        pair(times=4, total_bytes=400_004),
        prints={
            "clock_time": "daily 02:14",
            "signals_seen": ["schedule", "job"],
            "reason": f"job {RUNS}, declared 2026-01-03 to start daily 02:14: 4 of 4 transfers "
            "begin at its times, at 4 of 4 (chance 1 in 10^10)",
        },
    ),
    case("second-night-among-many-destinations", [declared(NEW), *sent(3, 4), *others(300, 250)]),
    case(
        "third-night-among-many-destinations",
        [declared(NEW), *sent(3, 4, 5), *others(300, 250)],
        pair(times=3),
    ),
    case(
        "one-night-was-left-out",
        [declared(NEW), *sent(3, 4, 6)],
        pair(times=3, due=4, contacts=3),
    ),
    case("a-second-too-late", [declared(NEW), *sent(3, 4, 5, second=1021)]),
    case("as-late-as-may-be", [declared(NEW), *sent(3, 4, 5, second=1020)], pair(waited=180)),
    case("clock-as-early-as-may-be", [declared(NEW), *sent(3, 4, 5, second=810)], pair(waited=0)),
    case("a-second-too-early", [declared(NEW), *sent(3, 4, 5, second=809)]),
    case("bytes-at-the-threshold", [declared(NEW), *sent(3, 4, 5, size=100_000)]),
    case(
        "no-byte-counts",
        [declared(NEW), *(sysmon(night(day, 860)) for day in (3, 4, 5))],
        pair(total_bytes=None, times=3),
    ),
    case(
        "one-flow-in-two-logs",
        [declared(NEW), *sent(3, 4), *(palo_alto(night(day, 870), 100_005) for day in (3, 4))],
        pair(times=2, contacts=2, total_bytes=200_010),
    ),
    case(
        "connections-of-one-transfer",
        [declared(NEW), *sent(3, 4), *sent(3, 4, second=1460), *sent(3, 4, second=2060)],
        pair(times=2, contacts=2, total_bytes=600_006),
    ),
    case(
        "share-at-the-threshold",
        [declared(NEW), *sent(3, 4, 5), *sent(3, 4, second=30_000)],
        pair(times=3, contacts=5),
    ),
    case("share-below-the-threshold", [declared(NEW), *sent(3, 4), *sent(3, 4, second=30_000)]),
    case("sent-at-the-time-before-there-was-a-job", [declared(NEW), *sent(1, 3, 4, 5)]),
    case(
        "sent-at-another-time-before-there-was-a-job",
        [declared(NEW), *sent(1, second=30_000), *sent(3, 4, 5)],
        pair(times=3, floor=7),
    ),
    case("host-that-is-busy-at-the-time", [declared(NEW), *sent(3, 4), *busy(847)]),
    case(
        "host-that-is-busy-at-another-time",
        [declared(NEW), *sent(3, 4), *busy(30_000)],
        pair(times=2),
    ),
    case("destination-known-for-longer", [declared(NEW), *sent(3, 4)], pair(floor=7), lists=met(1)),
    case("before-the-job-was-declared", [declared(night(5)), *sent(3, 4)]),
    case("declared-in-the-first-day-of-the-look-back", [declared(NEW), *sent(3, 4)], now=night(18)),
    case(
        "declared-after-the-first-day-of-the-look-back",
        [declared(NEW), *sent(3, 4)],
        pair(times=2),
        now=night(17),
        thresholds=TERSE,
    ),
    case("updated-task", [declared(NEW, code=4702), *sent(3, 4)], pair(times=2)),
    case(
        "task-as-text",
        [
            declared(NEW, TaskContent=None, TaskName=None, Task_Name=TASK, Task_Content=task_xml()),
            *sent(3, 4),
        ],
        pair(job=RUNS),
    ),
    case(
        "task-with-entities",
        [declared(NEW, task_xml().replace("<", "&lt;").replace(">", "&gt;")), *sent(3, 4)],
        pair(job=RUNS),
    ),
    case(
        "declared-twice",
        [declared(NEW), declared(night(4, 3 * HOUR), code=4702), *sent(3, 4)],
        pair(job_created=NEW, due=2),
    ),
    case(
        "disabled-task", [declared(NEW, task_xml(settings="<Enabled>false</Enabled>")), *sent(3, 4)]
    ),
    case(
        "disabled-trigger",
        [declared(NEW, task_xml(trigger("<Enabled>false</Enabled>" + DAILY))), *sent(3, 4)],
    ),
    case(
        "second-of-two-triggers",
        [declared(NEW, task_xml(trigger(DAILY, "2026-01-01T09:00:00"), trigger())), *sent(3, 4)],
        pair(due=4),
    ),
    case(
        "trigger-after-one-at-logon",
        [
            declared(
                NEW, task_xml("<LogonTrigger><Enabled>true</Enabled></LogonTrigger>", trigger())
            ),
            *sent(3, 4),
        ],
        pair(due=2),
    ),
    case(
        "task-that-starts-once",
        [declared(NEW, task_xml(trigger("", kind="TimeTrigger"))), *sent(3, 4)],
    ),
    case(
        "task-by-the-month",
        [
            declared(
                NEW, task_xml(trigger("<ScheduleByMonth></ScheduleByMonth>" + repeated("PT1H")))
            ),
            *sent(3, 4),
        ],
    ),
    case(
        "random-delay",
        [
            declared(NEW, task_xml(trigger(DAILY + "<RandomDelay>PT30M</RandomDelay>"))),
            *sent(3, second=900),
            *sent(4, second=2820),
            *sent(5, 6, second=1800),
        ],
        pair(times=4),
    ),
    case(
        "beyond-the-random-delay",
        [
            declared(NEW, task_xml(trigger(DAILY + "<RandomDelay>PT30M</RandomDelay>"))),
            *sent(3, 4, 5, 6, second=2821),
        ],
    ),
    case(
        "on-fridays-and-saturdays",
        [declared(NEW, task_xml(trigger(weekly("Friday", "Saturday")))), *sent(8, 9)],
        pair(times=2, due=2),
    ),
    case(
        "on-other-days",
        [declared(NEW, task_xml(trigger(weekly("Monday", "Tuesday")))), *sent(8, 9)],
    ),
    case(
        "every-other-day",
        [declared(NEW, task_xml(trigger(DAILY.replace("1", "2")))), *sent(3, 5)],
        pair(times=2, due=2),
    ),
    case(
        "every-seven-hours",
        [
            declared(
                NEW, task_xml(trigger(repeated("PT7H"), "2026-01-03T09:14:00", "TimeTrigger"))
            ),
            *sent(2, second=7 * HOUR + 860),
            *sent(2, second=14 * HOUR + 860),
            *sent(2, second=21 * HOUR + 860),
        ],
        pair(times=3, due=3),
    ),
    case(
        "repeated-for-three-hours",
        [declared(NEW, task_xml(trigger(repeated("PT1H", "PT3H") + DAILY))), *hourly(0, 1, 2)],
        pair(times=3, due=5),
        now=night(3, 4 * HOUR),
    ),
    case(
        "repeated-and-too-often-to-tell",
        [declared(NEW, task_xml(trigger(repeated("PT15M") + DAILY))), *hourly(0, 0.25, 0.5)],
    ),
    case(
        "repeated-often-and-always-followed",
        [
            declared(NEW, task_xml(trigger(repeated("PT15M") + DAILY))),
            *hourly(*(number / 4 for number in range(-80, 60))),
        ],
        pair(times=140),
    ),
    case(
        "repeated-more-often-than-is-looked-at",
        [
            declared(NEW, task_xml(trigger(repeated("PT14M") + DAILY))),
            *hourly(*(number * 14 / 60 for number in range(60))),
        ],
    ),
    case(
        "start-in-universal-time",
        [declared(NEW, task_xml(trigger(start="2026-01-02T02:14:00Z"))), *sent(3, 4)],
        pair(times=2),
    ),
    case(
        "start-in-another-zone",
        [declared(NEW, task_xml(trigger(start="2026-01-02T07:44:00+05:30"))), *sent(3, 4)],
        pair(times=2),
    ),
    # 02:14 and 03:00 in universal time are 11:14 and 12:00 on the host.
    case(
        "host-whose-zone-its-task-tells",
        [
            declared(
                NEW, task_xml(trigger(start="2026-01-02T11:14:00"), date="2026-01-03T11:59:58.2")
            ),
            *sent(3, 4),
        ],
        pair(times=2),
    ),
    case(
        "host-whose-zone-an-old-date-does-not-tell",
        [
            declared(
                NEW, task_xml(trigger(start="2026-01-02T11:14:00"), date="2025-06-03T12:00:00")
            ),
            *sent(3, 4),
        ],
    ),
    case(
        "job-of-as-many-hosts-as-may-be",
        [declared(NEW, TaskName=f"{TASK}77"), *on_many_hosts(4), *sent(3, 4)],
        pair(times=2),
    ),
    case(
        "job-of-more-hosts", [declared(NEW, TaskName=f"{TASK}77"), *on_many_hosts(5), *sent(3, 4)]
    ),
    case(
        "another-job-of-more-hosts",
        [declared(NEW, TaskName="\\Own"), *on_many_hosts(6), *sent(3, 4)],
        pair(times=2),
    ),
    case(
        "crontab-of-a-user",
        [crontab(NEW, "14 2 * * * /opt/sync -a"), *sent(3, 4)],
        pair(job="/opt/sync -a", job_user="ann"),
    ),
    case(
        "crontab-of-the-system",
        [crontab(NEW, "14 2 * * * root  /opt/sync -a | tee /tmp/a", "/etc/crontab"), *sent(3, 4)],
        pair(job="/opt/sync -a | tee /tmp/a", job_user="root"),
    ),
    case(
        "crontab-with-ranges",
        [crontab(NEW, "4-59/10 1-3 * * 0,fri-sun /opt/sync"), *sent(8, 9)],
        pair(due=54),
        thresholds=TERSE,
    ),
    case("crontab-of-other-days", [crontab(NEW, "14 2 * * mon-thu /opt/sync"), *sent(8, 9)]),
    case("crontab-by-the-month", [crontab(NEW, "14 2 1-31 * * /opt/sync"), *sent(3, 4)]),
    case("crontab-with-a-comment-alone", [crontab(NEW, "# 14 2 * * * /opt/sync"), *sent(3, 4)]),
    case(
        "crontab-by-name",
        [crontab(NEW, "@daily /opt/sync"), *(zeek(at(24 * day, 30), 100_001) for day in (3, 4, 5))],
        pair(times=3),
    ),
    case("each-minute-proves-nothing", [crontab(NEW, "* * * * * /opt/sync"), *sent(3, 4, 5, 6)]),
    case(
        "row-of-osquery",
        [of_osquery(NEW, "14", "*/2"), *sent(3, 4), *sent(3, second=860 + 4 * HOUR)],
        pair(job="/opt/sync", times=3),
    ),
    case(
        "row-of-osquery-that-was-removed",
        [of_osquery(NEW, "14", "2", action="removed"), *sent(3, 4)],
    ),
    case(
        "list-of-osquery-that-repeats",
        [*(of_osquery(night(day, 60), "14", "2") for day in range(6)), *sent(3, 4, 5)],
        now=night(16),
    ),
    case("property-list", [plist(NEW, clock(2)), *sent(3, 4)], pair(job="com.example.sync")),
    case(
        "property-list-with-two-times", [plist(NEW, clock(9), clock(2)), *sent(3, 4)], pair(due=4)
    ),
    case(
        "property-list-of-one-day",
        [plist(NEW, clock(2, Weekday=7)), *sent(3)],
        pair(times=1),
        thresholds={**TERSE, "declared_times": 1},
    ),
    case("property-list-by-the-month", [plist(NEW, clock(2, Day=4)), *sent(3, 4)]),
    case(
        "property-list-that-is-disabled",
        [plist(NEW, clock(2), more="<key>Disabled</key><true/>"), *sent(3, 4)],
    ),
    case("job-of-another-host", [declared(NEW, host="ws-8"), *sent(3, 4)]),
    case("host-of-no-known-address", [declared(NEW), *sent(3, 4)], lists=NOTHING),
    case(
        "host-named-by-its-address",
        [declared(NEW, host=INSIDE), *sent(3, 4)],
        pair(),
        lists=NOTHING,
    ),
    case("inside-destination", [declared(NEW), *sent(3, 4, **{"id.resp_h": "10.9.9.9"})]),
]

LOW = {"declared_bytes": 50, "declared_share": 0.4, "declared_chance": 100, "declared_quiet": HOUR}


@st.composite
def scenes(draw) -> list[Event]:
    jobs = draw(st.lists(declarations(), min_size=2, max_size=3))
    sends = draw(st.lists(transfers(), min_size=2, max_size=5))
    return jobs + [event for events in sends for event in events]


DRAWN = Drawn(
    scenes(),
    sites(lists=known_host(), thresholds=LOW).map(lambda site: site._replace(now=night(6))),
)
