"""The statement names whoever runs this copy, or says that nobody is named; nothing is markup."""

from __future__ import annotations

import pytest

from views.i18n import words
from views.pages.accessibility import statement
from views.server.settings import settings


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    for key in ("OPERATOR", "OPERATOR_CONTACT", "OPERATOR_ENFORCEMENT"):
        monkeypatch.delenv(f"POTENZIALATLAS_{key}", raising=False)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_copy_without_an_operator_says_so_and_what_is_to_be_set(language):
    told = statement(words(language))
    for key in ("operator", "operator_contact", "operator_enforcement"):
        assert f"`{key}`" in told
    # The form that § 7 BITV 2.0 and the model statement of the EU ask for.
    assert told.count("\n## ") == 5
    assert "2018/1523" in told
    assert "§ 16 BGG" in told or "section 16 BGG" in told


def test_an_operator_is_named_as_plain_text_and_its_contact_is_a_link(fresh):
    fresh.setenv("POTENZIALATLAS_OPERATOR", "Amt *Süd*, <b>Weg</b> 1,\n12345 [Ort](javascript:x)")
    fresh.setenv("POTENZIALATLAS_OPERATOR_CONTACT", "barrieren@amt-sued.example")
    fresh.setenv("POTENZIALATLAS_OPERATOR_ENFORCEMENT", "https://stelle.example/weg")
    told = statement(words("de"))
    assert r"Amt \*Süd\*\, \<b\>Weg\<\/b\> 1\, 12345 \[Ort\]\(javascript\:x\)" in told
    assert "](mailto:barrieren@amt-sued.example)" in told
    assert "](https://stelle.example/weg)" in told
    assert "`operator" not in told
