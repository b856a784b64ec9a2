"""Checks how the app counts flows, against a ledger that never sees a log row.

python -m bench.flows --sets N --seed S [--workers 2] [--macro NAME=TEXT ...]

    generate.py   true flows, drawn from a seed
    writings.py   which sensors report a set, and how: the kinds of writing
    sensors.py    what each sensor knows of each flow, by its own clock
    products.py   the rows that each product writes of what it knows
    ledger.py     hours, contacts and both published analytics, from what the sensors know
    reader.py     flows read back from rows alone: every writing carries enough to count
    compare.py    the app's SPL on the rows, beside the ledger
    shrink.py     the smallest set that still fails
"""
