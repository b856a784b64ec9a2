"""DuckDB reads Zeek connections (JSON) and groups them by sender, destination and hour.

    python -m bench.grouped LOG THREADS

Prints the number of groups and of connections: the least that anything which finds the hours of the
pairs of this log has to do.
"""

from __future__ import annotations

import sys

import duckdb

COLUMNS = {"ts": "DOUBLE"} | dict.fromkeys(
    ("id.orig_h", "id.resp_h", "orig_bytes", "resp_bytes"), "VARCHAR"
)
HOURS = """
CREATE TABLE hourly AS
SELECT "id.orig_h" AS src, "id.resp_h" AS dest, floor(ts / 3600) AS hour,
    count(*) AS connections, sum(TRY_CAST(orig_bytes AS DOUBLE)) AS bytes_out,
    sum(TRY_CAST(resp_bytes AS DOUBLE)) AS bytes_in, min(ts) AS first, max(ts) AS last
FROM read_json(?, format = 'newline_delimited', columns = {columns})
GROUP BY ALL
"""


def grouped(log: str, threads: int) -> tuple[int, int]:
    """Return the number of pair-hours, and of connections."""
    database = duckdb.connect(config={"threads": threads})
    database.execute(HOURS.replace("{columns}", str(COLUMNS)), [log])
    return database.execute("SELECT count(*), sum(connections)::BIGINT FROM hourly").fetchone()


if __name__ == "__main__":
    print(*grouped(sys.argv[1], int(sys.argv[2])))
