"""The app's command in a process that has imported already what it needs.

Replay starts it more than a thousand times in a test run: Python's imports would be most of that.
That it starts in a new Python is tested by tests/protocol, tests/package and `python -m replay`.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

SCRIPT = Path(__file__).parents[1] / "bin/schedulescore.py"
KILLED = -signal.SIGKILL


class Warm:
    """A running command: what replay uses of subprocess.Popen."""

    def __init__(self, server: socket.socket, errors: BinaryIO):
        (given, to), (back, taken), (told, status) = (os.pipe() for _ in range(3))
        self.stdin, self.stdout = os.fdopen(to, "wb"), os.fdopen(back, "rb")
        self.told, self.code = os.fdopen(told, "r"), None
        socket.send_fds(server, [b"."], [given, taken, errors.fileno(), status])
        for sent in (given, taken, status):
            os.close(sent)
        self.pid = int(self.told.readline())

    def kill(self) -> None:
        """End it at once."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code once it has ended."""
        if self.code is None:
            if not select.select([self.told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(SCRIPT), timeout)
            self.code = int(self.told.readline() or KILLED)
            self.told.close()
        return self.code


class Server:
    """The process that becomes each command: started by the first, it ends with the tests."""

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None

    def start(self, errors: BinaryIO) -> Warm:
        """Start the command."""
        if not self.process:
            self.requests, theirs = socket.socketpair()
            with theirs:
                begin = [sys.executable, __file__, str(theirs.fileno())]
                self.process = subprocess.Popen(begin, pass_fds=[theirs.fileno()])
        return Warm(self.requests, errors)

    def close(self) -> None:
        """End the process, if there is one."""
        if self.process:
            self.requests.close()
            self.process.wait()


def serve(requests: socket.socket) -> None:
    """Become a command for each request."""
    os.chdir(SCRIPT.parent)
    sys.path[0], sys.argv = str(SCRIPT.parent), [str(SCRIPT)]
    code = compile(SCRIPT.read_bytes(), SCRIPT, "exec")
    exec(code, {"__name__": "imported", "__file__": str(SCRIPT)})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        _, streams, *_ = socket.recv_fds(requests, 1, 4)
        if not streams:
            return
        if os.fork() == 0:
            _become(code, streams)
        for stream in streams:
            os.close(stream)


def _become(code: object, streams: list[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *standard, status = streams
    for place, stream in enumerate(standard):
        os.dup2(stream, place)
        os.close(stream)
    os.write(status, b"%d\n" % os.getpid())
    ended = 0
    try:
        exec(code, {"__name__": "__main__", "__file__": str(SCRIPT)})
    except SystemExit as end:
        ended = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        ended = 1
    try:
        sys.stdout.flush()
    finally:
        os.write(status, b"%d\n" % ended)
        os._exit(ended)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
