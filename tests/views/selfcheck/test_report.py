"""The printed self-check: whole, and nothing that people wrote can run in it."""

from __future__ import annotations

import pytest
from checks import BEN, rater, selfcheck

from layers.selfcheck.file import Chosen, Step
from layers.selfcheck.statements import statements
from views.i18n import words
from views.selfcheck.report import to_bytes

HOSTILE = "</title><script>alert(1)</script>"


@pytest.mark.parametrize("language", ["de", "en"])
def test_all_that_was_entered_stands_there_as_text(toy, language):
    told = words(language)
    chosen = Chosen(gaps=("work.levels",), next_steps=(Step(text=HOSTILE, who="=1+1"),))
    check = selfcheck(rater(HOSTILE, notes={"work.levels": HOSTILE}, work__levels=1), BEN,
                      place=HOSTILE, chosen=chosen)  # fmt: skip
    html = to_bytes(check, [HOSTILE, "Ben"], toy, told, ".html").decode()
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert f"<html lang='{language}'>" in html
    assert all(told.of(text).split(".")[0] in html for text in statements().values())


def test_a_self_check_without_answers_is_printed_as_well(toy):
    html = to_bytes(selfcheck(), [], toy, words("de"), ".html").decode()
    assert "noch niemand" in html
