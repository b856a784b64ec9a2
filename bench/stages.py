"""`python -m bench.stages` is the earlier name of `python -m bench.cardinality`."""

from .cardinality import main

if __name__ == "__main__":
    main()
