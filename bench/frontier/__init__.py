"""What a site would miss: schedules planted into its own traffic, and what the rules make of them.

python -m bench.frontier --data DIR [--tz ZONE] [--lookup NAME=FILE]... [--verify [N]]

    kinds.py      schedules of documented malware, and evasive ones
    site.py       what the site's own logs say: senders, their hours, destinations, sensors
    plants.py     a schedule at one of the site's senders, as its sensor would see it
    rules.py      the shipped rules for one sender and one destination
    shortcut.py   the risk of a plant: the scorer, behind the conditions of these rules
    replayed.py   the same from the shipped rules, executed by replay
    measure.py    what is found, what stays unseen, what would close the gap
    verified.py   predictions beside fresh plants
    tables.py     all of it for people
"""
