"""Writes the app's configuration, lookups and tables of the docs from one source for each.

`python -m compose` writes, `python -m compose --check` only says what differs.
"""
