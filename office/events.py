"""What happens on the machines besides their connections, whichever log tells of it.

Times are epochs. A process is named by its machine, its program and `run`, which tells one run of
the program from the others.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from office.network import Machine


class Started(NamedTuple):
    """A process began; `command` and `parent_command` are whole command lines."""

    time: float
    machine: Machine
    image: str
    run: str
    command: str
    user: str
    parent: str
    parent_run: str
    parent_command: str
    job: str = ""


class Touched(NamedTuple):
    """A process created or read a file."""

    time: float
    machine: Machine
    image: str
    run: str
    path: str


class Registered(NamedTuple):
    """Somebody gave the system's scheduler a new job."""

    time: float
    machine: Machine
    job: str
    image: str
    command: str
    user: str


class Launched(NamedTuple):
    """The system's scheduler began a run of a job."""

    time: float
    machine: Machine
    job: str
    image: str
    run: str
    command: str
    user: str


class Leased(NamedTuple):
    """DHCP gave a machine its address, or let it keep the address it had."""

    time: float
    machine: Machine
    renewed: bool


Event = Union[Started, Touched, Registered, Launched, Leased]
