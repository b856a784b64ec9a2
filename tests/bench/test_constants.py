"""The page of the model says what the code holds."""

import pytest

from bench import constants


def test_the_page_holds_the_constants_of_the_code():
    page = constants.PAGE.read_text()
    assert constants.composed(page) == page


@pytest.mark.parametrize("module", constants.MODULES)
def test_every_constant_has_its_reason(module):
    found = constants.rows(module)
    assert found
    assert [told for told, reason in found if not reason] == []


def test_a_constant_that_changes_changes_the_page(monkeypatch):
    from scheduled_transfer import risk

    monkeypatch.setattr(risk, "PRIOR", -3.5)
    page = constants.PAGE.read_text()
    assert "`PRIOR` -3.5" in constants.composed(page)
    assert "`PRIOR` -3.5" not in page
