"""Benign traffic: automation as regular as any implant, people, and traffic without schedule."""

from __future__ import annotations

from office import schedules
from office.schedules import DAY, HOUR, MINUTE, WEEKDAYS
from office.traffic_profiles import Profile, local, steady

KB = 1_000
MB = 1_000_000


def _mail(rng, start, end, zone):
    return schedules.laptop(rng, schedules.every(rng, start, end, 10 * MINUTE, 0.02), zone)


def _mornings(rng, start, end, zone):
    visits = schedules.daily(rng, start, end, 9, 0, HOUR, WEEKDAYS, 0.1, zone)
    return schedules.bursts(rng, visits, (2, 9), (5, 200))


def _video_calls(rng, start, end, zone):
    calls = schedules.poisson(rng, start, end, 6 * HOUR)
    return schedules.bursts(rng, schedules.within(calls, (9, 17), WEEKDAYS, zone), (1, 3), (1, 20))


def _sync(rng, start, end, zone):
    changes = schedules.within(schedules.poisson(rng, start, end, 8 * HOUR), (8, 20), zone=zone)
    return schedules.bursts(rng, changes, (4, 9), (5, 120))


def _uploads(rng, start, end, zone):
    return schedules.within(schedules.poisson(rng, start, end, 9 * HOUR), (8, 20), WEEKDAYS, zone)


AUTOMATION = (
    Profile(
        "ntp",
        "clock",
        "",
        "sets the clock",
        steady(schedules.every, 1024, 0.01),
        (48, 48),
        (48, 48),
        port=123,
        app="ntp",
        dense=True,
        senders=0.9,
    ),
    Profile(
        "update-check",
        "operating system",
        "",
        "asks for updates",
        steady(schedules.every, 4 * HOUR, 0.1, 0.05),
        (900, 4 * KB),
        (2 * KB, 900 * KB),
        senders=0.8,
    ),
    Profile(
        "antivirus-check",
        "antivirus",
        "",
        "asks for signatures every half hour",
        steady(schedules.every, 30 * MINUTE, 0.02),
        (700, 1_500),
        (3 * KB, 300 * KB),
        dense=True,
        senders=0.7,
    ),
    Profile(
        "mail-poll",
        "mail program",
        "",
        "fetches mail every 10 minutes while the machine is on",
        _mail,
        (700, 40 * KB),
        (2 * KB, 400 * KB),
        port=993,
        senders=0.6,
    ),
    Profile(
        "telemetry",
        "operating system",
        "",
        "uploads telemetry every hour",
        steady(schedules.every, HOUR, 0.02),
        (20 * KB, 60 * KB),
        (3 * KB, 9 * KB),
        dense=True,
        senders=0.5,
    ),
    Profile(
        "lamp-bridge",
        "IoT",
        "",
        "a lamp bridge reports to its maker every hour",
        steady(schedules.every, HOUR, 0.001),
        (38 * KB, 42 * KB),
        (4 * KB, 6 * KB),
        dense=True,
        senders=0.02,
    ),
    Profile(
        "camera",
        "IoT",
        "",
        "a camera keeps its cloud session alive",
        steady(schedules.every, 90, 0.05),
        (300, 700),
        (300, 700),
        dense=True,
        senders=0.03,
    ),
    Profile(
        "monitoring",
        "monitoring agent",
        "",
        "a server reports its health every 5 minutes",
        steady(schedules.every, 5 * MINUTE, 0.02),
        (3 * KB, 5 * KB),
        (400, 900),
        dense=True,
        senders=0.1,
    ),
    Profile(
        "nightly-backup",
        "backup server",
        "",
        "a nightly backup to a cloud: its schedule looks like that of a nightly exfiltration",
        local(schedules.daily, 1, 0, spread=90, missed=0.03),
        (300 * MB, 900 * MB),
        (300 * KB, 2 * MB),
    ),
)

PEOPLE = (
    Profile(
        "browsing",
        "person",
        "",
        "a person's visits to one site in office hours",
        local(schedules.browsing, 3, 8),
        (600, 30 * KB),
        (5 * KB, 900 * KB),
        senders=0.3,
    ),
    Profile(
        "night-shift",
        "person",
        "",
        "a person's visits to one site on the night shift",
        local(schedules.browsing, 3, 8, weekend=0.4, shift=12),
        (600, 30 * KB),
        (5 * KB, 900 * KB),
        senders=0.1,
    ),
    Profile(
        "morning-habit",
        "person",
        "",
        "the same site at the start of the day, within an hour or so",
        _mornings,
        (600, 20 * KB),
        (9 * KB, 900 * KB),
        senders=0.2,
    ),
    Profile(
        "video-calls",
        "person",
        "",
        "video calls at irregular times of the working day",
        _video_calls,
        (30 * MB, 300 * MB),
        (40 * MB, 500 * MB),
        port=443,
        app="unknown",
        senders=0.4,
    ),
    Profile(
        "cloud-sync",
        "person",
        "",
        "photographs go to a cloud drive each time a folder changes",
        _sync,
        (6 * MB, 20 * MB),
        (20 * KB, 200 * KB),
        senders=0.05,
    ),
    Profile(
        "large-uploads",
        "person",
        "",
        "deliveries of 120 to 500 MB to a customer at irregular times",
        _uploads,
        (120 * MB, 500 * MB),
        (40 * KB, 400 * KB),
    ),
)

# What scheduled jobs send. Their timing repeats shapes above, so the benchmark leaves them out.
JOBS = (
    Profile(
        "browser-update",
        "browser",
        "",
        "a scheduled task asks for a new version of the browser",
        steady(schedules.every, 5 * HOUR, 0.02),
        (900, 4 * KB),
        (2 * KB, 9 * KB),
    ),
    Profile(
        "cloud-backup",
        "backup",
        "",
        "a nightly backup to a cloud's storage, at another shared address each night",
        local(schedules.daily, 4, 10, spread=90),
        (150 * MB, 350 * MB),
        (40 * KB, 200 * KB),
    ),
    Profile(
        "drive-sync",
        "person",
        "",
        "documents go to a cloud drive each time a folder changes",
        _sync,
        (100 * KB, 4 * MB),
        (20 * KB, 200 * KB),
    ),
    Profile(
        "unix-backup",
        "backup",
        "",
        "a cron job sends its nightly backup to the backup's cloud",
        local(schedules.daily, 2, 30),
        (40 * MB, 80 * MB),
        (40 * KB, 200 * KB),
    ),
)

RANDOM = (
    Profile(
        "memoryless",
        "nobody",
        "",
        "random arrivals (Poisson), one in 20 minutes on average",
        steady(schedules.poisson, 20 * MINUTE),
        (500, 50 * KB),
        (500, 500 * KB),
        senders=0.2,
    ),
    Profile(
        "rare-memoryless",
        "nobody",
        "",
        "random arrivals (Poisson), three a day on average",
        steady(schedules.poisson, DAY / 3),
        (500, 50 * KB),
        (500, 500 * KB),
        senders=0.2,
    ),
)

BENIGN = AUTOMATION + PEOPLE + RANDOM
