"""Single faults planted in a copy of the tree, one at a time, to see which of them the tests catch.

python -m bench.faults (--rev REV | --worktree) [--only PATTERN] [--output FILE]
python -m bench.faults --compare BEFORE.json AFTER.json
python -m bench.faults --list (--rev REV | --worktree)
"""
