"""The package: the same bytes on every run, all that belongs in it, and nothing else."""

import json
import struct
import subprocess
import sys
import tarfile

import pytest

from tests.interpreters import PYTHONS, interpreter
from tests.package.conftest import ROOT, build

DIRECTORY, FILE = 0o755, 0o644


def members(package):
    with tarfile.open(package.path) as archive:
        return archive.getmembers()


def names(package):
    return {member.name for member in members(package) if member.isfile()}


def test_name_carries_the_version(package):
    manifest = json.loads((ROOT / "app.manifest").read_text(encoding="utf-8"))
    version = manifest["info"]["id"]["version"]
    assert package.path.name == f"scheduled_transfer-{version}.spl"


def test_second_run_gives_the_same_bytes(package):
    first = package.path.read_bytes()
    again = build(ROOT, SOURCE_DATE_EPOCH=str(package.epoch))
    assert again.returncode == 0, again.stderr
    assert package.path.read_bytes() == first


@pytest.mark.parametrize("umask", ["022", "077", "002"])
def test_another_folder_and_umask_give_the_same_bytes(built_in, tree, package, umask):
    built = built_in(umask=umask)
    assert built.returncode == 0, built.stderr
    assert (tree / built.stdout.strip()).read_bytes() == package.path.read_bytes()


def test_another_locale_and_zone_give_the_same_bytes(built_in, tree, package):
    built = built_in(LC_ALL="C.UTF-8", TZ="Asia/Kathmandu")
    assert (tree / built.stdout.strip()).read_bytes() == package.path.read_bytes()


def test_every_file_carries_one_time(package):
    assert {member.mtime for member in members(package)} == {package.epoch}


def test_time_is_that_of_a_commit(package):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no commit to compare with")
    times = subprocess.run(
        ["git", "log", "-20", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert str(package.epoch) in times


def test_nobody_owns_the_files(package):
    assert {(member.uid, member.gid, member.uname) for member in members(package)} == {(0, 0, "")}


def test_modes_are_plain(package):
    modes = {(member.isdir(), member.mode) for member in members(package)}
    assert modes == {(True, DIRECTORY), (False, FILE)}


def test_everything_lies_in_the_app_folder(package):
    assert {name.split("/")[0] for name in names(package)} == {"scheduled_transfer"}


@pytest.mark.parametrize("folder", ["default", "lookups", "metadata", "bin/scheduled_transfer"])
def test_whole_folder_is_shipped(package, folder):
    there = {
        f"scheduled_transfer/{path.relative_to(ROOT)}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not is_hidden(path)
    }
    assert there - names(package) == set()


def is_hidden(path):
    return any(part.startswith(".") for part in path.relative_to(ROOT).parts)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("/tests/", id="tests"),
        pytest.param("/replay/", id="interpreter"),
        pytest.param("/.", id="hidden"),
        pytest.param(".pyc", id="compiled"),
        pytest.param(".svg", id="drawings"),
        pytest.param("/local/", id="local-settings"),
    ],
)
def test_package_holds_no(package, part):
    assert [name for name in names(package) if part in name] == []


def test_sdk_stands_where_the_knowledge_bundle_takes_it_along(package):
    assert (package.unpacked / "bin/lib/splunklib/searchcommands/__init__.py").is_file()


def test_sdk_keeps_its_metadata(package):
    (metadata,) = (package.unpacked / "bin/lib").glob("splunk_sdk-*.dist-info/METADATA")
    assert "Name: splunk-sdk" in metadata.read_text(encoding="utf-8")


@pytest.mark.parametrize("version", PYTHONS)
def test_command_runs_from_the_package_alone(package, version):
    searchinfo = {"args": [], "raw_args": [], "sid": "1", "app": "scheduled_transfer"}
    searchinfo.update(earliest_time="0", latest_time="0", command="schedulescore", search="")
    searchinfo.update(dispatch_dir="", owner="admin", username="admin", session_key="")
    searchinfo.update(splunkd_uri="", splunk_version="10.0.0", maxresultrows=50000)
    getinfo = json.dumps({"action": "getinfo", "preview": False, "searchinfo": searchinfo})
    execute = json.dumps({"action": "execute", "finished": True})
    rows = "observations,floor\n1767233650 1767320050 1767406450,8\n"
    asked = f"chunked 1.0,{len(getinfo)},0\n{getinfo}"
    asked += f"chunked 1.0,{len(execute)},{len(rows)}\n{execute}{rows}"
    ran = subprocess.run(
        [interpreter(version), "-S", "-E", "-B", "schedulescore.py"],
        cwd=package.unpacked / "bin",
        input=asked,
        capture_output=True,
        text=True,
    )
    assert "risk_score" in ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("appIcon", 36, 36),
        ("appIconAlt", 36, 36),
        ("appIcon_2x", 72, 72),
        ("appIconAlt_2x", 72, 72),
        ("appLogo", 160, 40),
        ("appLogo_2x", 320, 80),
    ],
)
def test_icon_has_the_size_that_splunk_wants(package, name, width, height):
    header = (package.unpacked / f"static/{name}.png").read_bytes()[:24]
    assert struct.unpack(">II", header[16:]) == (width, height)


def test_missing_file_stops_the_build(built_in, tree):
    (tree / "default/macros.conf").unlink()
    built = built_in()
    assert (built.returncode, "default/macros.conf" in built.stderr) == (1, True)


def test_pattern_without_a_file_stops_the_build(built_in, tree):
    for path in (tree / "static").glob("*.png"):
        path.unlink()
    built = built_in()
    assert (built.returncode, "static/*.png" in built.stderr) == (1, True)


def test_missing_lookup_that_is_made_is_made_again(built_in, tree, package):
    (tree / "lookups/t1029_public_suffixes.csv").unlink()
    built = built_in()
    assert (tree / built.stdout.strip()).read_bytes() == package.path.read_bytes()


@pytest.mark.parametrize(
    "path", ["default/props.conf", "bin/extra.py", "lookups/notes.txt", "static/new.gif"]
)
def test_unlisted_file_stops_the_build(built_in, tree, path):
    (tree / path).write_text("x", encoding="utf-8")
    built = built_in()
    assert (built.returncode, path in built.stderr) == (1, True)


def test_disagreeing_versions_stop_the_build(built_in, tree):
    conf = tree / "default/app.conf"
    text = conf.read_text(encoding="utf-8")
    conf.write_text(text.replace("version = ", "version = 9", 1), encoding="utf-8")
    built = built_in()
    assert (built.returncode, "default/app.conf says" in built.stderr) == (1, True)


def test_without_git_and_without_a_time_the_build_stops(tree):
    built = build(tree, SOURCE_DATE_EPOCH="", GIT_CEILING_DIRECTORIES=str(tree.parent))
    assert (built.returncode, "SOURCE_DATE_EPOCH" in built.stderr) == (1, True)


def test_unknown_python_is_named(built_in):
    built = built_in(PYTHON="no-such-python")
    assert (built.returncode, "no-such-python" in built.stderr) == (1, True)


def test_altered_sdk_is_not_packed(built_in, tree, tmp_path):
    for archive in (tree / "build").glob("*.tar.gz"):
        archive.write_bytes(b"altered")
    offline = tmp_path / "python"
    offline.write_text(f'#!/bin/sh\n[ "$1" = -m ] && exit 1\nexec {sys.executable} "$@"\n')
    offline.chmod(0o755)
    built = built_in(PYTHON=str(offline))
    assert (built.returncode, "splunk-sdk" in built.stderr) == (1, True)


def test_failed_build_leaves_no_package(built_in, tree):
    (tree / "default/macros.conf").unlink()
    built_in()
    assert not (tree / "dist").exists()
