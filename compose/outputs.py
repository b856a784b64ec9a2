"""Every composed file, as {path from the root: text}."""

from pathlib import Path

from compose.census import sources_page
from compose.conf import macros_of
from compose.docs import analytics, runbook
from compose.facts import source_facts
from compose.macros import macros
from compose.needs import data_needs
from compose.searches import saved_searches
from compose.sources import ROOT, load
from compose.templates import fill
from compose.views import overview


def outputs(root: Path = ROOT) -> dict[str, str]:
    sources = load(root)
    written = macros(sources)
    actions = sources.template("compose/workflow_actions.conf.j2")
    return {
        "default/savedsearches.conf": saved_searches(sources),
        "default/macros.conf": written,
        "default/workflow_actions.conf": fill(actions, sources.values),
        "default/data/ui/views/t1029_overview.xml": overview(sources),
        "docs/analytics.md": analytics(sources, macros_of(written)),
        "docs/runbook.md": runbook(sources),
        "docs/sources.md": sources_page(sources),
        "lookups/t1029_data_needs.csv": data_needs(sources),
        "lookups/t1029_sources.csv": source_facts(sources),
    }
