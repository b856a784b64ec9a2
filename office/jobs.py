"""Jobs of the operating systems' own schedulers: Task Scheduler, cron and launchd."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from office.events import Event, JobCreated, JobStarted, ProcessStarted
from office.network import Machine

SERVICE_HOST = r"C:\Windows\System32\svchost.exe"
SCHEDULE_SERVICE = r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule"
SHELL = "/usr/bin/dash"
CRON = "/usr/sbin/cron"
LAUNCHD = "/sbin/launchd"
AGENT_FOLDER = "/Users/{}/Library/LaunchAgents"


class Job(NamedTuple):
    """A job: its name (task path, crontab's owner or launchd label), its command line and user.

    `created`: seconds after the start of the first day, None if it existed before. `lag`: minimum
    and maximum seconds from the start of the job to the transfer. `children`: the programs that a
    cron job runs, each with its command line. `declared`: the local time at which it starts every
    day, as its task says.
    """

    name: str
    command: str
    user: str = "SYSTEM"
    created: float | None = None
    lag: tuple[float, float] = (20, 110)
    children: tuple[tuple[str, str], ...] = ()
    declared: str = "00:00:00"

    def set_up(self, machine: Machine, image: str, first_day: float) -> Iterator[Event]:
        """Yield the creation of the job if it happens within the simulated days."""
        if self.created is not None:
            due = first_day + self.created
            named = (self.name, image, self.command, self.user)
            yield JobCreated(due, machine, *named, self.declared)

    def trail(
        self, rng: Random, machine: Machine, due: float, image: str, run: str
    ) -> Iterator[Event]:
        """Yield the events of one run of the job before its transfer."""
        started = due + rng.uniform(0.2, 0.9)
        yield JobStarted(started, machine, self.name, image, run, self.command, self.user)
        if machine.system == "linux":
            yield from self._shell(rng, machine, started, run)
            return
        windows = machine.system == "windows"
        parent, arguments = (SERVICE_HOST, SCHEDULE_SERVICE) if windows else (LAUNCHD, LAUNCHD)
        yield ProcessStarted(
            started + rng.uniform(0.02, 0.2),
            machine,
            image,
            run,
            self.command,
            self.user,
            parent,
            "",
            arguments,
            self.name,
        )

    def _shell(self, rng: Random, machine: Machine, time: float, run: str) -> Iterator[Event]:
        parent, parent_command = CRON, "/usr/sbin/CRON -f"
        for image, command in ((SHELL, f"/bin/sh -c '{self.command}'"), *self.children):
            time += rng.uniform(0.003, 0.05)
            yield ProcessStarted(
                time, machine, image, run, command, self.user, parent, run, parent_command
            )
            parent, parent_command = image, command
