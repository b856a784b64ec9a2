"""How tokens are read, whichever way they are written."""

import pytest

from scheduled_transfer.parsing import LARGEST_COUNT, parse


@pytest.mark.parametrize(
    ("text", "epochs", "sent", "received"),
    [
        pytest.param("9:4:2 7:5:3", [7, 9], [4, 5], [2, 3], id="all-parts"),
        pytest.param("7:5 9:4", [7, 9], [5, 4], [], id="bytes-out"),
        pytest.param("7 9", [7, 9], [], [], id="epochs"),
        pytest.param("7:5:3 9", [7, 9], [5], [3], id="one-without-counts"),
        pytest.param("7::3 9:4: 11:", [7, 9, 11], [4], [3], id="empty-counts"),
        pytest.param("07:05 9:4", [7, 9], [5, 4], [], id="leading-zeros"),
        pytest.param("7:5\t9:4  11", [7, 9, 11], [5, 4], [], id="other-spaces"),
        pytest.param("7.5:5 9:4", [7.5, 9], [5, 4], [], id="fraction-of-a-second"),
        pytest.param("7:5.9 9:4", [7, 9], [5, 4], [], id="fraction-of-a-byte"),
        pytest.param("7:5 7:5 9", [7, 9], [5], [], id="duplicate"),
        pytest.param("7:5 7:6", [7], [5, 6], [], id="one-second-twice"),
        pytest.param("7:1e30 9", [7, 9], [LARGEST_COUNT], [], id="beyond-a-sane-count"),
    ],
)
def test_every_form_is_read(text, epochs, sent, received):
    assert parse(text)[:4:2] == (epochs, sent)
    assert parse(text).received == received


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"7:{'9' * 5_000} 9:4", id="among-small-ones"),
        pytest.param(f"7:{'9' * 5_000} 9:x", id="among-unreadable-ones"),
    ],
)
def test_thousands_of_digits_are_the_largest_count(text):
    assert max(parse(text).sent) >= LARGEST_COUNT
