"""Says so at the end of a run when the views were not looked at."""

LEFT_OUT = "no browser tests: "


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = {
        str(report.longrepr[2]).partition(LEFT_OUT)[2]
        for report in skipped
        if isinstance(report.longrepr, tuple) and LEFT_OUT in str(report.longrepr[2])
    }
    for reason in sorted(reasons):
        line = f"The views were NOT rendered in a browser: {reason}"
        terminalreporter.write_line(line, red=True, bold=True)
