"""Run jobs (a name, and arguments of `python -m replay`) in the tree that is the working folder.

It is handed to an interpreter as text, with the files of the jobs and of the outcomes as arguments.
"""

import contextlib
import io
import json
import runpy
import sys


def outcome(arguments):
    """The rows by search, or (None and) what was said instead."""
    out, said = io.StringIO(), io.StringIO()
    sys.argv = ["replay", "--output", "json", *arguments]
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        try:
            runpy.run_module("replay", run_name="__main__", alter_sys=False)
        except SystemExit as end:
            code = end.code or 0
        except Exception as error:
            code = f"{type(error).__name__}: {error}"
    if code:
        return None, f"ends with {code}: {said.getvalue().strip()[-500:]}"
    return {one["search"]: one["results"] for one in json.loads(out.getvalue())}, ""


def main(jobs, outcomes):
    with open(jobs, encoding="utf-8") as lines, open(outcomes, "w", encoding="utf-8") as written:
        for name, arguments in map(json.loads, lines):
            found, error = outcome(arguments)
            written.write(json.dumps([name, found, error]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
