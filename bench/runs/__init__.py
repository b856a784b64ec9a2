"""Checks that no fault of the rollup's runs loses a flow or counts one twice.

python -m bench.runs --weeks N --seed S [--workers 2]

A week is a set of flows of bench.flows. Some weeks share a site, and so its rollup runs.

    arrivals.py   events that arrive late, or with stamps of the future
    rolled.py     what each run of the rollup searches stores where nothing goes wrong
    faults.py     runs that are delayed, repeated, killed or skipped, drawn from a seed
    looks.py      what the rules find while runs are missing, and at the end, beside the ledger
"""
