"""What Splunk's own judges, AppInspect and slim, and ksconf say of the package."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
# Each is a remark that no app with this app's parts can avoid.
UNAVOIDABLE_WARNINGS = {
    # Python files in an app, regardless of content.
    "check_for_python_script_existence",
    # splunk-sdk 2.1.1, the last release for the Python 3.9 that Splunk 9.4 and 10.0 run.
    "check_python_sdk_version",
    # A KV Store collection, which is where a site's own list survives an upgrade.
    "check_collections_conf",
}
# Without libmagic on the machine, the one in pylibmagic serves.
INSPECT = "import pylibmagic; from splunk_appinspect.main import execute; execute()"
FEWEST_CHECKS = 200  # a misspelt tag leaves a handful, and says nothing
# slim's own specs are of 2017 and know no Python version.
SLIM_IS_TOO_OLD_FOR = re.compile(
    r"Undefined setting in commands\.conf, stanza \[\w+\]: python\.(version|required)$"
)


def inspected(package, report):
    """AppInspect's report on a package; a missing report is an error, also with exit code 0."""
    arguments = ["inspect", str(package), "--data-format", "json", "--output-file", str(report)]
    ran = subprocess.run(
        [sys.executable, "-c", INSPECT, *arguments, "--skip-trusted-libraries-update"],
        capture_output=True,
        text=True,
    )
    assert report.exists(), f"AppInspect wrote no report:\n{ran.stdout[-4000:]}{ran.stderr[-4000:]}"
    return json.loads(report.read_text(encoding="utf-8"))


def checks(report):
    """The result of each check by name, and the messages of those that have any."""
    (app,) = report["reports"]
    found = {}
    for group in app["groups"]:
        for check in group["checks"]:
            found[check["name"]] = (
                check["result"],
                [message["message"] for message in check["messages"]],
            )
    return found


@pytest.fixture(scope="module")
def report(package, tmp_path_factory):
    return inspected(package.path, tmp_path_factory.mktemp("appinspect") / "report.json")


def with_result(report, result):
    return {name: said for name, (came, said) in checks(report).items() if came == result}


def test_appinspect_ran_all_its_checks(report):
    assert len(checks(report)) >= FEWEST_CHECKS


@pytest.mark.parametrize("result", ["error", "failure", "future_failure", "skipped"])
def test_appinspect_finds_no(report, result):
    assert with_result(report, result) == {}
    assert report["summary"][result] == 0


def test_appinspect_warns_of_the_unavoidable_only(report):
    warnings = with_result(report, "warning")
    unexpected = {name: said for name, said in warnings.items() if name not in UNAVOIDABLE_WARNINGS}
    assert unexpected == {}


def test_no_warning_is_allowed_that_is_not_given(report):
    assert set(with_result(report, "warning")) >= UNAVOIDABLE_WARNINGS


def test_appinspect_knows_no_other_result(report):
    known = {"success", "not_applicable", "warning", "error", "failure", "future_failure"}
    results = {result for result, _ in checks(report).values()}
    assert results - known - {"skipped"} == set()


def test_appinspect_catches_a_broken_package(package, tmp_path):
    app = tmp_path / "scheduled_transfer"
    subprocess.run(["cp", "-R", str(package.unpacked), str(app)], check=True)
    (app / "local").mkdir()
    (app / "local/app.conf").write_text("[ui]\nis_visible = 1\n", encoding="utf-8")
    broken = tmp_path / "broken.spl"
    subprocess.run(["tar", "-czf", str(broken), "-C", str(tmp_path), app.name], check=True)
    assert with_result(inspected(broken, tmp_path / "report.json"), "failure")


def slim(app, tmp_path):
    """Run slim validate, with a home of its own for the cache that it leaves behind."""
    return subprocess.run(
        [str(BIN / "slim"), "validate", str(app)],
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )


def test_slim_validates_the_manifest(package, tmp_path):
    ran = slim(package.unpacked, tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_slim_warns_of_nothing_that_it_can_know(package, tmp_path):
    ran = slim(package.unpacked, tmp_path)
    warnings = [line for line in (ran.stdout + ran.stderr).splitlines() if "[WARNING]" in line]
    assert [line for line in warnings if not SLIM_IS_TOO_OLD_FOR.search(line)] == []


def test_slim_catches_a_broken_manifest(package, tmp_path):
    app = tmp_path / "scheduled_transfer"
    subprocess.run(["cp", "-R", str(package.unpacked), str(app)], check=True)
    manifest = (app / "app.manifest").read_text(encoding="utf-8")
    (app / "app.manifest").write_text(manifest.replace("_standalone", "_alone"), encoding="utf-8")
    assert slim(app, tmp_path).returncode != 0


def ksconf_check(*paths):
    return subprocess.run(
        [str(BIN / "ksconf"), "check", *map(str, paths)], capture_output=True, text=True
    )


def test_ksconf_reads_every_conf_file(package):
    confs = [path for kind in ("*.conf", "*.meta") for path in package.unpacked.rglob(kind)]
    ran = ksconf_check(*confs)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_ksconf_catches_a_duplicate_key(tmp_path):
    path = tmp_path / "macros.conf"
    path.write_text("[one]\ndefinition = 1\ndefinition = 2\n", encoding="utf-8")
    assert ksconf_check(path).returncode != 0
