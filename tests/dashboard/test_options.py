"""What the lint knows of Splunk's types and options is what Splunk's packages know."""

from tests.dashboard.options import known, options_of


def test_options_are_those_of_splunks_schema(browser):
    assert known() == options_of(browser.ask({"schema": True}))
