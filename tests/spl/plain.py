"""Rows of searches in a form that can be compared."""

Row = dict[str, object]


def plain(row: Row) -> Row:
    """Return a row with numbers as float, and several values as a sorted tuple."""
    return {name: _plain(value) for name, value in row.items() if value not in ("", None)}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return tuple(sorted(map(str, value)))
    try:
        return float(str(value))
    except ValueError:
        return str(value)
