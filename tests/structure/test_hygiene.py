"""What the repository must not hold."""

import ipaddress
import re
import subprocess
import sys

import pytest

from tests.structure.app_files import ROOT, in_git, tracked

GENERATED = re.compile(
    r"(^|/)(node_modules|__pycache__|\.venv|dist|build|local)/|^bin/lib/|(?<!/search)\.spl$|\.(tgz|py[cod]|whl)$"
)
# The Macs of the simulated office are called studio-01 and so on.
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/(?!studio-\d)\w")
IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:])[23][0-9a-f]{3}:[0-9a-f:]+")
LARGEST = 700 * 1024  # bytes

pytestmark = pytest.mark.skipif(
    not in_git(), reason="not a git checkout: what is tracked is unknown"
)


def texts():
    """(path, text) of every tracked text file but the locks."""
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content and not re.search(r"requirements/.*\.txt$|-lock\.json$", path):
            yield path, content.decode("utf-8")


def belongs_to_somebody(number):
    address = ipaddress.ip_address(number)
    return address.is_global and not address.is_multicast


def is_foreign(written):
    """True for an address that has an owner: neither private nor for documentation.

    The first address on either side of such a range is no one's in particular: it is the boundary
    that a test of the range needs.
    """
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    around = (address - 1, address + 1) if belongs_to_somebody(address) else ()
    return bool(around) and all(belongs_to_somebody(near) for near in around)


def test_nothing_generated_or_vendored_is_tracked():
    assert [path for path in tracked() if GENERATED.search(path)] == []


def test_nothing_large_is_tracked():
    assert [path for path in tracked() if (ROOT / path).stat().st_size > LARGEST] == []


def test_no_path_of_a_machine():
    assert [path for path, text in texts() if PATH_OF_A_MACHINE.search(text)] == []


def test_no_address_that_belongs_to_somebody():
    found = [
        (path, address)
        for path, text in texts()
        for address in IPV4.findall(text) + IPV6.findall(text)
        if is_foreign(address)
    ]
    assert found == []


def test_no_trailing_space_in_conf_files():
    confs = [(path, text) for path, text in texts() if path.endswith((".conf", ".meta", ".csv"))]
    assert [path for path, text in confs if re.search(r"[ \t]$", text, re.MULTILINE)] == []


@pytest.mark.parametrize("path", ["package.sh", ".ci/run"])
def test_program_is_executable(path):
    assert (ROOT / path).stat().st_mode & 0o111


@pytest.mark.parametrize(
    ("address", "foreign"),
    [
        pytest.param("10.1.2.3", False, id="private"),
        pytest.param("203.0.113.9", False, id="documentation"),
        pytest.param("2001:db8::9", False, id="documentation-ipv6"),
        pytest.param("224.0.0.251", False, id="multicast"),
        pytest.param(".".join("8888"), True, id="a-resolver"),
        pytest.param("2600:" + ":1", True, id="a-server-ipv6"),
        pytest.param("0.0.0.0", False, id="first-of-all"),
        pytest.param("999.1.1.1", False, id="no-address"),
        pytest.param("11.0.0.0", False, id="first-after-a-private-range"),
        pytest.param("11.0.0." + "1", True, id="second-after-a-private-range"),
    ],
)
def test_foreign_addresses_are_told_from_others(address, foreign):
    assert is_foreign(address) is foreign


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["lint", "layout"])
def test_ruff_is_content(arguments):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
