"""Every role, state and event of this feature has its words."""

import pytest

from qcc.accounts.labels import browser_word, event_word
from qcc.accounts.models import UserState
from qcc.infra.templating import LABELS
from qcc.kernel.permissions import Role

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize("value", [*Role, *UserState])
def test_each_value_has_a_word(value: Role | UserState) -> None:
    assert str(LABELS[value].text)


def test_events_without_words_show_their_code() -> None:
    assert event_word("user.signed_in") == "Signed in"
    assert event_word("center.plan") == "center.plan"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (f"{WINDOWS} Chrome/120.0 Safari/537.36", "Chrome · Windows"),
        (f"{WINDOWS} Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/99 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.0", "curl/8.0"),
        ("", "—"),
    ],
)
def test_browsers_as_their_users_know_them(said: str, word: str) -> None:
    assert browser_word(said) == word
