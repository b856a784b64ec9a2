"""Events on the machines other than connections, independent of the log that records them.

Times are epochs. A process is named by its machine, its program and `run`, which tells one run of
the program from another.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from office.network import Machine


class ProcessStarted(NamedTuple):
    """A process started; `command` and `parent_command` are full command lines."""

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


class FileAccessed(NamedTuple):
    """A process created or read a file."""

    time: float
    machine: Machine
    image: str
    run: str
    path: str


class JobCreated(NamedTuple):
    """A new job was registered with the system's scheduler; `declared` is its local clock time."""

    time: float
    machine: Machine
    job: str
    image: str
    command: str
    user: str
    declared: str


class JobStarted(NamedTuple):
    """The system's scheduler started a run of a job."""

    time: float
    machine: Machine
    job: str
    image: str
    run: str
    command: str
    user: str


class AddressLeased(NamedTuple):
    """DHCP gave a machine an address or renewed it."""

    time: float
    machine: Machine
    renewed: bool


Event = Union[ProcessStarted, FileAccessed, JobCreated, JobStarted, AddressLeased]
