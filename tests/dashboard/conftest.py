"""One run of the office and one browser for all tests of this folder."""

import fcntl
import json
import os

import pytest

from tests.dashboard import simulated
from tests.dashboard.browser import Browser, missing
from tests.dashboard.cases import questions
from tests.dashboard.simulated import Answers

# Set where tests that need the browser must not be left out.
REQUIRED = "T1029_BROWSER_REQUIRED"


def _once(tmp_path_factory, name, compute) -> Answers:
    """Compute answers in one of the processes that share the tests; the others wait for it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / f"{name}.json"
    with open(folder / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(json.dumps(compute()._asdict()), encoding="utf-8")
    return Answers(**json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def answers(tmp_path_factory):
    """What the views' searches find in the office."""
    return _once(tmp_path_factory, "answers", lambda: simulated.answers(questions()))


@pytest.fixture(scope="session")
def nothing(tmp_path_factory):
    """What they find where there is nothing."""
    return _once(tmp_path_factory, "nothing", lambda: simulated.nothing(questions()))


@pytest.fixture(scope="session")
def browser():
    """A browser, or the reason why there is none."""
    reason = missing()
    if reason:
        (pytest.fail if REQUIRED in os.environ else pytest.skip)(f"no browser tests: {reason}")
    browser = Browser()
    yield browser
    browser.close()
