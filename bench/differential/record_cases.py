"""Write down, as jobs, what the tests of the tree in the working folder let replay run.

It is handed to an interpreter as text, with a folder and the tests as arguments. A job that ran
before, a saved search that is not one, and events that are no file are left out.
"""

import json
import shutil
import sys
from pathlib import Path

import pytest

import replay

# Tests of the SQL alone let nothing run.
CHOSEN = "not test_sql"


class Recorder:
    """Stands in for replay.run, and copies what it is given before it runs it."""

    def __init__(self, folder):
        self.folder, self.seen, self.test, self.original = folder, set(), "", replay.run
        self.jobs = (folder / "jobs.jsonl").open("w", encoding="utf-8")

    def pytest_runtest_logstart(self, nodeid):
        self.test = nodeid.replace("tests/spl/", "").replace(".py::", " ")

    def run(self, searches=None, spl=(), inputs=None, **settings):
        if searches and not spl and inputs and not any(inputs._replace(json=())):
            self.keep(searches, inputs.json, settings)
        return self.original(searches=searches, spl=spl, inputs=inputs, **settings)

    def keep(self, searches, files, settings):
        named = [one if isinstance(one, str) else f"{one[0]}@{one[1]:.0f}" for one in searches]
        words = [f"--search={one}" for one in named]
        words += [f"--macro={name}={text}" for name, text in settings.get("macros", {}).items()]
        words += [f"--{name}={settings[name]}" for name in ("now", "tz") if settings.get(name)]
        lists = settings.get("lookups", {})
        texts = [Path(path).read_bytes() for path in (*files, *lists.values())]
        identity = repr((words, texts))
        if identity in self.seen:
            return
        self.seen.add(identity)
        home = self.folder / str(len(self.seen))
        home.mkdir()
        words += [f"--json={copied(path, home)}" for path in files]
        words += [f"--lookup={name}={copied(path, home)}" for name, path in lists.items()]
        self.jobs.write(json.dumps([f"{self.test} ({len(self.seen)})", words]) + "\n")


def copied(path, home):
    to = home / f"{len(list(home.iterdir()))}-{Path(path).name}"
    shutil.copy(path, to)
    return to


def main(folder, *tests):
    recorder = Recorder(Path(folder))
    replay.run = recorder.run
    options = ["-q", "-p", "no:cacheprovider", "--tb=no", "--no-summary", "-k", CHOSEN]
    code = pytest.main([*options, *tests], plugins=[recorder])
    recorder.jobs.close()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
