"""Counts what the shipped schedules read.

python -m bench.cost --data DIR [--set NAME]... [--days N] [--office]

Every saved search is run as its cron_schedule has it, over a set whose days repeat for ever. The
first command of each search is run on the set once, by replay, to know which events and rollup rows
it takes; each run takes those of its window, by event time and by index time. Reads are given per
connection event that arrives, and per event of each other kind.

    schedule.py   runs of a saved search, and the windows of each
    matched.py    which events and rows each search takes, for any window
    reads.py      how many of them its runs read
"""
