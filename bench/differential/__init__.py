"""The same findings, row by row, from two trees: a commit and the present files.

python -m bench.differential --base REV [--data DIR]... [--sets PATTERN]... [--all]
                             [--ignore-column NAME]...
"""
