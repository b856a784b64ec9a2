"""What all tests share: the app's command is started quickly; a run says what it has not shown."""

import pytest

from replay import chunked
from tests import warm

LEFT_OUT = "no browser tests: "


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = {
        str(report.longrepr[2]).partition(LEFT_OUT)[2]
        for report in skipped
        if isinstance(report.longrepr, tuple) and LEFT_OUT in str(report.longrepr[2])
    }
    for reason in sorted(reasons):
        line = f"The views were NOT rendered in a browser: {reason}"
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session", autouse=True)
def _quick_start():
    """Start the app's command without waiting for its imports."""
    server, started = warm.Server(), chunked.started

    def quickly(script, errors):
        return server.start(errors) if script == warm.SCRIPT else started(script, errors)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunked, "started", quickly)
        yield
    server.close()
