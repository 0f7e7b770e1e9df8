"""The lines to paste must be valid, name the frame, and let no name break out of them."""

from __future__ import annotations

import html5lib
import pytest

from views.embed.build import Embed
from views.embed.snippet import frame, plain_snippet, snippet
from views.i18n import words

EMBED = Embed("map", 'A "quoted" <b>title</b>', b"", "", 1234)
SOURCE = "https://site.example/embed/map?a=1&b=2"


def nodes(lines):
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!doctype html><title>x</title><body>{lines}"
    )
    return list(page.find("body").iter())[1:]


@pytest.mark.parametrize("make", [snippet, plain_snippet])
def test_the_frame_has_a_title_a_height_and_a_sandbox(make):
    found = nodes(make(EMBED, SOURCE, words("de"), way_back="https://site.example/?a=1&b=2"))
    node = found[0]
    assert (node.tag, node.get("src"), node.get("height")) == ("iframe", SOURCE, "1234")
    assert node.get("sandbox") == "allow-scripts"
    assert node.get("loading") == "lazy"
    assert node.get("title").startswith('A "quoted" <b>title</b>')
    (link,) = [one for one in found if one.tag == "a"]
    assert link.get("href") == "https://site.example/?a=1&b=2"
    assert [one.tag for one in found].count("script") == (make is snippet)


def test_two_frames_of_one_page_do_not_hear_each_other():
    one = snippet(EMBED, "a.html", words("de"))
    other = snippet(EMBED, "b.html", words("de"))
    assert nodes(one)[0].get("id") != nodes(other)[0].get("id")


def test_without_an_app_there_is_no_link():
    assert "<a " not in snippet(EMBED, "a.html", words("en"))


def test_a_frame_may_be_made_smaller():
    node = nodes(frame(EMBED, SOURCE, words("en"), height=300, width=400))[0]
    assert (node.get("width"), node.get("height")) == ("400", "300")
