"""A simulated office: people, automation and planted scheduled transfers, written as logs.

Times: `schedules`. Times with sizes and names: `traffic_profiles`, `malware`, `benign`.
Activity on the machines: `jobs`, `file_access`, `background_jobs`, `events`.
The office: `network`, `scenarios`, `simulation`. Log files: `logs`, `system_logs`, `generate`.
What was planted and what the rules found: `ground_truth`, `verdicts`, `report`.

`python -m office` writes the files, `python -m office.demo` runs the rules on them.
"""
