"""lookups/t1029_data_needs.csv: what each rule must or should see, for Data health."""

from collections.abc import Iterator

from compose.sources import Detection, Sources

HEADER = "search,aspect,need,kind,field,least,onboard"


def data_needs(sources: Sources) -> str:
    lines = [line for rule in sources.detections.values() for line in rule_lines(sources, rule)]
    return "\n".join([HEADER, *lines, ""])


def rule_lines(sources: Sources, rule: Detection) -> Iterator[str]:
    """One line for each kind of log of each aspect."""
    for need, aspects in rule.about["needs"].items():
        for aspect, kinds in aspects.items():
            for kind, field in kinds.items():
                known = sources.fields.kinds.get(kind, {"fields": {}})["fields"]
                if field not in known:
                    raise ValueError(f"{rule.slug}: fields.yml has no kind {kind} with {field}")
                least, onboard = known[field]["least"], known[field]["onboard"]
                yield f'{rule.search_name},{aspect},{need},{kind},{field},{least},"{onboard}"'
