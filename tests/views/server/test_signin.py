"""Who may give files where a sign-in is wanted: known, recent, and on the list."""

from __future__ import annotations

import pytest

from views.server.settings import Settings
from views.server.signin import standing

NOW = 1_000_000.0
ANNA = {"is_logged_in": True, "iat": NOW - 60, "email": "Anna@Amt.example", "email_verified": True}


def judged(person=None, **chosen):
    return standing(ANNA | (person or {}), Settings(**chosen), NOW)


def test_without_a_list_whoever_signs_in_may():
    assert judged() == "allowed"
    assert judged({"is_logged_in": False}) == "out"
    assert standing({}, Settings(), NOW) == "out"


@pytest.mark.parametrize("began", [NOW - 12 * 3600 - 1, None, "yesterday"])
def test_an_old_sign_in_counts_no_more(began):
    assert judged({"iat": began}) == "expired"
    assert judged({"iat": NOW - 12 * 3600 + 1}) == "allowed"


@pytest.mark.parametrize(
    ("allowed", "verdict"),
    [
        (("anna@amt.example",), "allowed"),
        (("@amt.example",), "allowed"),
        (("@AMT.EXAMPLE", "@else.example"), "allowed"),
        (("@else.example",), "refused"),
        (("@example",), "refused"),
        (("amt.example",), "refused"),
    ],
)
def test_a_list_of_addresses_or_of_their_domains(allowed, verdict):
    assert judged(signin_allow=allowed) == verdict


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_has_verified_is_nobodys(verified):
    person = {"email_verified": verified}
    assert judged(person, signin_allow=("@amt.example",)) == "refused"


@pytest.mark.parametrize(
    ("groups", "verdict"),
    [(["a", "planning"], "allowed"), ("planning", "allowed"), (["a"], "refused"), (None, "refused"),
     ([], "refused")],
)  # fmt: skip
def test_a_list_of_values_of_another_claim(groups, verdict):
    chosen = {"signin_claim": "groups", "signin_allow": ("planning",)}
    assert judged({"groups": groups}, **chosen) == verdict
