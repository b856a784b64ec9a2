"""One simulated fortnight, shared by the tests of this folder."""

from __future__ import annotations

import pytest

from office.generate import write_office
from office.simulation import simulate

SEED = 20


@pytest.fixture(scope="session")
def office():
    return simulate(SEED)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    return folder, write_office(folder, SEED, days=2)
