"""python -m tests.dashboard.lint [VIEW.xml|VIEW.json]...: print the problems of views."""

import sys
from pathlib import Path

from tests.dashboard.lint import lint, lint_together
from tests.dashboard.views import view_of, views

chosen = [view_of(Path(path)) for path in sys.argv[1:]] or views()
found = [f"{view.name}: {problem}" for view in chosen for problem in lint(view)]
found += map(str, lint_together(chosen))
sys.stdout.writelines(f"{line}\n" for line in found)
sys.exit(bool(found))
