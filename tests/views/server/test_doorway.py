"""What must be true of the document that a browser gets before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit
from starlette.responses import HTMLResponse

from tests.views.server.asking import visit
from views.i18n import words
from views.server.doorway import Doorway

DOCUMENT = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


@pytest.fixture
def heard():
    return []


@pytest.fixture
def app(heard):
    async def house(scope, receive, send):
        heard.append(dict(scope["headers"]))
        text = "another page" if "embed" in scope["path"] else DOCUMENT
        await HTMLResponse(text, headers={"etag": '"1"'})(scope, receive, send)

    return Doorway(house, home="/base")


@pytest.mark.parametrize(
    ("query", "language"), [("", "de"), ("?w=1&lang=en", "en"), ("?lang=fr", "de")]
)
@pytest.mark.parametrize("page", ["", "kreisprofil"])
def test_it_speaks_the_readers_language_and_says_what_it_is(app, page, query, language):
    text, told = visit(app, f"/base/{page}{query}").text, words(language)
    assert f'<html lang="{language}">' in text
    assert f"<title>{told('app.title')}</title>" in text
    assert told("server.arriving") in text
    assert text.count("<noscript>") == 1
    without = text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert told("server.no_script") in without
    assert "[role=status] { display: none }" in without, "nothing is on its way then"
    assert "agent" not in text.partition("<body>")[2]


def test_the_code_that_the_page_loads_stays_what_it_was(app):
    def lines(text):
        return [line for line in text.splitlines() if "src=" in line or "href=" in line]

    own = DOCUMENT.partition("<noscript>")[0]
    assert lines(visit(app, "/base/").text) == lines(own)


def test_no_browser_is_told_that_nothing_has_changed(app, heard):
    answer = visit(app, "/base/", if_none_match='"1"')
    assert b"if-none-match" not in heard[0]
    assert "etag" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_other_pages_stay_as_they_are(app):
    assert visit(app, "/base/embed/map").text == "another page"
    assert visit(app, "/base/static/index.html").text == DOCUMENT
