"""Services that are known by name: each name resolves to another of many shared addresses.

Names are below .example (RFC 2606), addresses from the benchmarking network of RFC 2544.
"""

from __future__ import annotations

SHARED = "198.18"


def _pool(third: int, count: int) -> tuple[str, ...]:
    return tuple(f"{SHARED}.{third}.{last}" for last in range(1, count + 1))


STORAGE = _pool(10, 200)
DRIVE = _pool(20, 60)
EDGE = _pool(30, 120)
ANSWERS = 4


def hosting(name: str) -> tuple[str, ...]:
    """Return the addresses that a name may resolve to, none for a name with one of its own.

    >>> len(hosting("backup-1.storage.example")), hosting("www-20.example")
    (200, ())
    """
    pools = {"storage": STORAGE, "drive": DRIVE, "share": DRIVE, "edge": EDGE}
    return pools.get(name.split(".")[-2], ()) if "." in name else ()


def answers(name: str, address: str) -> list[str]:
    """Return the addresses of a DNS answer with the one that is then used, neighbours after it.

    >>> answers("a.drive.example", "198.18.20.59")
    ['198.18.20.59', '198.18.20.60', '198.18.20.1', '198.18.20.2']
    """
    pool = hosting(name)
    if not pool:
        return [address]
    place = pool.index(address)
    return [pool[(place + more) % len(pool)] for more in range(ANSWERS)]


def name_of(address: str) -> str:
    """Return the name of a server with an address of its own.

    >>> name_of("198.51.100.20")
    'www-198-51-100-20.example'
    """
    return f"www-{address.replace('.', '-')}.example"
