"""Cases around every boundary of the scheduled-job rule."""

from functools import partial

from hypothesis import strategies as st

from tests.spl.case import Drawn, case, pair, sites
from tests.spl.drawn import SENDERS, SERVERS, connections, joined, sent
from tests.spl.events import HOUR, INSIDE, OUTSIDE, Event, Make, at, night, palo_alto, sysmon, zeek
from tests.spl.lists import NOTHING, Lists, known_host

KEY = ("src", "dest")
SCORED = {"job_risk": "risk_score"}
AGENT = "/Library/.fonts/fontsyncd"
BACKUP = "\\Site\\Backup"
TASKS = "XmlWinEventLog:Microsoft-Windows-TaskScheduler/Operational"
SCHEDULER = "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule"
# The host's address is known unless a case says otherwise.
case = partial(case, lists=known_host())


def task(epoch: float, code: int = 200, /, **fields: object) -> Event:
    """Return what Task Scheduler logs of a task: 200 that it ran, 106 that it is new."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": TASKS,
        "sourcetype": "XmlWinEventLog",
        "EventCode": code,
        "TaskName": BACKUP,
        **fields,
    }
    return {name: value for name, value in event.items() if value is not None}


def audited_task(epoch: float, code: int, **fields: object) -> Event:
    """Return what Windows audits of a task: 4698 that it is new, 4702 that it was changed."""
    return task(epoch, code, source="XmlWinEventLog:Security", SubjectUserName="ann", **fields)


def child(epoch: float, parent: str, **fields: object) -> Event:
    """Return a process that a parent of this command line started."""
    return task(
        epoch,
        1,
        source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        TaskName=None,
        **{"Image": "/opt/sync", "ParentCommandLine": parent, **fields},
    )


def cron(epoch: float, message: str = "CRON[411]: (root) CMD (/opt/sync -a)") -> Event:
    return {
        "_time": epoch,
        "host": "ws-7",
        "source": "/var/log/cron.log",
        "sourcetype": "linux:cron",
        "_raw": f"2026-01-01T02:13:20+00:00 ws-7 {message}",
    }


def endpoint_security(epoch: float, **fields: object) -> Event:
    """Return what Endpoint Security logs of a program that launchd started."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": "eslogger",
        "sourcetype": "macos:endpointsecurity",
        "process.executable.path": "/sbin/launchd",
        "event.exec.target.executable.path": AGENT,
    }
    return {**event, **fields}


def launch_item(epoch: float, path: str) -> Event:
    """Return what Endpoint Security logs of an agent that was added."""
    event = endpoint_security(epoch)
    del event["event.exec.target.executable.path"]
    by = "/System/Library/backgroundtaskmanagementd"
    return {
        **event,
        "process.executable.path": by,
        "event.btm_launch_item_add.executable_path": path,
    }


def jobs(number: int = 3, second: float = 800, /, make: Make = task, *rest, **fields) -> list:
    """Return one run a night of a job, a minute before what `transfers` sends."""
    return [make(night(day, second), *rest, **fields) for day in range(number)]


def transfers(number: int = 3, second: float = 860, sent: object = 100_001, **fields) -> list:
    return [zeek(night(day, second), sent, **fields) for day in range(number)]


def met(first_seen: float) -> Lists:
    row = {"dest": OUTSIDE, "senders": 1, "first_seen": first_seen}
    return known_host(destinations=(row,))


def every_twenty_minutes(runs: int) -> list[Event]:
    return [task(night(3, 800) - 1200 * run) for run in range(runs)]


# Around the edges of slots of five minutes; whole, as the time waited is.
job_seconds = st.sampled_from((0, 1, 240, 299, 300, 301, 3599))
waits = st.sampled_from((-1, 0, 1, 30, 59, 60, 61, 300))


@st.composite
def job_events(draw) -> dict:
    """Draw what a scheduler logs of a job, of one of two names."""
    when = at(draw(st.integers(0, 2)) * 24 + draw(st.integers(2, 3)), draw(job_seconds))
    make = draw(st.sampled_from(("ran", "ran", "new", "changed", "child", "cron")))
    name = {"TaskName": draw(st.sampled_from(("\\A", "\\B")))}
    host = {"host": draw(st.sampled_from(("ws-7", "ws-7", "WS-7.corp.example", SENDERS[1])))}
    if make == "cron":
        return {**cron(when), **host}
    if make == "child":
        parent = draw(st.sampled_from((SCHEDULER, "/usr/sbin/cron -f", "/bin/bash")))
        return child(when, parent, **host)
    if make == "changed":
        return audited_task(when, draw(st.sampled_from((4698, 4702))), **name, **host)
    return task(when, 106 if make == "new" else 200, **name, **host)


@st.composite
def jobs_and_transfers(draw) -> list:
    """Draw what a scheduler logs of a job, and the connections that begin around it."""
    happened = draw(job_events())
    followed = draw(st.lists(connections((zeek, palo_alto, sysmon)), max_size=2))
    to_one = {"id.orig_h": SENDERS[0], "id.resp_h": SERVERS[0], "orig_bytes": draw(sent)}
    followed.append(zeek(happened["_time"], **to_one))
    return [happened] + [{**event, "_time": happened["_time"] + draw(waits)} for event in followed]


NEW_TASK = task(night(0, 400), 106)
CASES = [
    case("job-twice", jobs(2) + transfers(2)),
    case(
        "job-three-times",
        jobs() + transfers(),
        pair(times=3, contacts=3, waited=60, floor=5, job=[BACKUP], job_created=None),
    ),
    case(
        "job-four-times",
        jobs(4) + transfers(4),
        pair(times=4, total_bytes=400_004),
        prints={
            "reason": "job \\Site\\Backup, started 60 s before 4 of 4 transfers",
            "severity": "medium",
            "signals_seen": ["schedule", "job"],
        },
    ),
    case("transfer-within-the-same-second", jobs(3, 860) + transfers(), pair(waited=0)),
    case("transfer-a-second-before-the-job", jobs(3, 861) + transfers()),
    case("transfer-as-late-as-may-be", jobs(3, 680) + transfers(), pair(waited=180)),
    case("transfer-a-second-too-late", jobs(3, 679) + transfers()),
    case("transfer-in-the-next-slot", jobs(3, 890) + transfers(3, 910), pair(waited=20)),
    case("the-earlier-of-two-runs-counts", jobs(3, 640) + jobs() + transfers()),
    case("the-earlier-of-two-connections-counts", jobs() + transfers() + transfers(3, 700)),
    case("bytes-at-the-threshold-of-jobs", jobs() + transfers(sent=100_000)),
    case(
        "job-without-byte-counts",
        jobs() + [sysmon(night(day, 860)) for day in range(3)],
        pair(total_bytes=None, times=3),
    ),
    case(
        "share-at-the-threshold",
        jobs() + transfers() + transfers(2, 3000),
        pair(times=3, contacts=5),
    ),
    case("share-below-the-threshold", jobs() + transfers() + transfers(3, 3000)),
    case(
        "small-connections-are-no-contacts",
        jobs() + transfers() + transfers(3, 3000, 100_000),
        pair(contacts=3),
    ),
    case(
        "job-in-as-many-slots-as-may-be",
        every_twenty_minutes(350) + [zeek(night(3, 860) - 1200 * n, 100_001) for n in range(3)],
        pair(times=3),
    ),
    case(
        "job-in-more-slots",
        every_twenty_minutes(351) + [zeek(night(3, 860) - 1200 * n, 100_001) for n in range(3)],
    ),
    case(
        "new-job-and-new-destination",
        [NEW_TASK, *jobs(), *transfers()],
        pair(job_created=night(0, 400), floor=8),
    ),
    case(
        "new-job-runs-at-once",
        [task(night(0, 600), 106), *jobs(), *transfers()],
        pair(floor=8, waited=60),
    ),
    case(
        "new-job-that-does-not-run", [task(night(day, 800), 106) for day in range(3)] + transfers()
    ),
    case(
        "new-job-audited-by-windows",
        [audited_task(night(0, 400), 4698), *jobs(), *transfers()],
        pair(floor=8),
    ),
    case(
        "changed-job",
        [audited_task(night(0, 400), 4702), *jobs(), *transfers()],
        pair(floor=5, job_created=None),
    ),
    case(
        "new-job-and-a-destination-that-was-met-before",
        [NEW_TASK, zeek(night(0, 100), 100_001), *jobs(), *transfers()],
        pair(floor=7, contacts=4),
    ),
    case(
        "new-job-and-a-destination-known-as-long",
        [NEW_TASK, *jobs(), *transfers()],
        pair(floor=8),
        lists=met(night(0, 400)),
    ),
    case(
        "new-job-and-a-destination-known-for-longer",
        [NEW_TASK, *jobs(), *transfers()],
        pair(floor=7),
        lists=met(night(0, 399)),
    ),
    case(
        "another-job-is-new",
        [task(night(0, 400), 106, TaskName="\\Site\\Other"), *jobs(), *transfers()],
        pair(floor=5),
    ),
    case("job-of-cron", jobs(3, 800, cron) + transfers(), pair(job=["/opt/sync -a"])),
    case("owner-of-a-job-of-cron", jobs(3, 800, cron) + transfers(), pair(job_user=["root"])),
    case(
        "crontab-that-is-looked-at",
        jobs(3, 800, cron, "crontab[9]: (root) LIST (root)") + transfers(),
    ),
    case(
        "child-of-task-scheduler",
        jobs(3, 800, child, SCHEDULER) + transfers(),
        pair(job=["/opt/sync"]),
    ),
    case(
        "child-with-its-command-line",
        jobs(3, 800, child, SCHEDULER, CommandLine='"C:\\sync.exe" /q') + transfers(),
        pair(job=["C:\\sync.exe /q"]),
    ),
    case(
        "child-of-another-service",
        jobs(3, 800, child, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Dhcp")
        + transfers(),
    ),
    case("child-of-crond", jobs(3, 800, child, "/usr/sbin/crond -n") + transfers(), pair(times=3)),
    case("child-of-launchd", jobs(3, 800, child, "/sbin/launchd") + transfers(), pair(times=3)),
    case(
        "agent-of-launchd",
        jobs(3, 800, endpoint_security) + transfers(),
        pair(job=[AGENT], floor=5),
    ),
    case(
        "agent-of-launchd-that-was-added",
        [launch_item(night(0, 400), AGENT), *jobs(3, 800, endpoint_security), *transfers()],
        pair(job=[AGENT], job_created=night(0, 400), floor=8),
    ),
    case(
        "another-agent-was-added",
        [launch_item(night(0, 400), "/opt/b"), *jobs(3, 800, endpoint_security), *transfers()],
        pair(floor=5),
    ),
    case("child-of-a-shell", jobs(3, 800, child, "/bin/bash -l") + transfers()),
    case(
        "script-of-cron-without-a-parent",
        jobs(3, 800, child, "", Image="/etc/cron.daily/sync") + transfers(),
        pair(job=["/etc/cron.daily/sync"]),
    ),
    case(
        "agent-that-connects-is-no-job",
        jobs() + [sysmon(night(day, 860), Image="/Library/LaunchAgents/sync") for day in range(3)],
        pair(times=3, job=[BACKUP]),
    ),
    case(
        "two-jobs",
        jobs() + jobs(3, 805, TaskName="\\Site\\Other") + transfers(),
        pair(waited=55, times=3),
    ),
    case("job-of-another-host", jobs(host="ws-8") + transfers()),
    case("host-of-no-known-address", jobs() + transfers(), lists=NOTHING),
    case("host-named-by-its-address", jobs(host=INSIDE) + transfers(), pair(), lists=NOTHING),
    case("host-with-its-domain", jobs(host="WS-7.corp.example.com") + transfers(), pair(times=3)),
    case(
        "job-in-two-logs-of-one-flow",
        jobs() + transfers() + [palo_alto(night(day, 870), 100_005) for day in range(3)],
        pair(total_bytes=300_015, contacts=3),
    ),
    case("job-and-an-inside-destination", jobs() + transfers(**{"id.resp_h": "10.9.9.9"})),
    case(
        "job-of-a-user-who-is-left-out",
        jobs(3, 800, cron) + transfers(),
        macros={"t1029_job_users": '"^(?!root(?!.))"'},
    ),
    case("seven-days-back", jobs() + transfers(), pair(times=3), now=night(7)),
    case("an-hour-more-than-seven-days-back", jobs() + transfers(), now=night(7, HOUR)),
]

LOW = {"job_bytes": 50, "job_seconds": 60, "job_times": 1, "job_share": 0.4, "job_slots": 10}
DRAWN = Drawn(joined(jobs_and_transfers(), 4, 8), sites(lists=known_host(), thresholds=LOW))
