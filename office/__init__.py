"""A simulated office: people, automation and planted scheduled transfers, written as logs.

`schedules` generates times, `habits`, `malware` and `benign` give them sizes and names; `jobs`,
`sweeps` and `chores` tell what goes before a transfer on the machine itself, or before none;
`network`, `events`, `scenarios` and `traffic` make an office of them. `logs`, `system_logs` and
`truth` write it down, `verdicts` and `report` hold what the shipped rules find against what was
planted. `python -m office` writes the files, `python -m office.demo` runs the rules on them.
"""
