"""The app's .conf files: default/ with local/ on top, read by ksconf's parser."""

from functools import lru_cache
from pathlib import Path

from ksconf.conf.parser import ConfParserException, parse_conf

from .errors import InputError

# Every search of a process reads the same few files.
FILES_KEPT = 32

Stanzas = dict[str, dict[str, str]]

FALSE = {"0", "false", "f", "no", "n"}
TRUE = {"1", "true", "t", "yes", "y"}


def read_conf(app: Path, name: str) -> Stanzas:
    """Return the stanzas of one conf file of an app, default/ overridden key by key by local/."""
    stanzas: Stanzas = {}
    for layer in ("default", "local"):
        path = Path(app) / layer / f"{name}.conf"
        if path.exists():
            for stanza, settings in _parsed(path, path.read_bytes()).items():
                stanzas.setdefault(stanza, {}).update(settings)
    return stanzas


@lru_cache(maxsize=FILES_KEPT)
def _parsed(path: Path, content: bytes) -> Stanzas:  # noqa: ARG001 - read again when it changes
    try:
        parsed = parse_conf(str(path), profile={"keep_comments": False, "strict": True})
    except ConfParserException as error:
        raise InputError(f"{path}: {error}") from None
    return {str(name): dict(settings) for name, settings in parsed.items()}


def boolean(value: str, where: str) -> bool:
    """Return a conf file's truth value."""
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise InputError(f"{where}: '{value}' is neither true nor false")
