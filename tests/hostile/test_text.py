"""Texts that make a parser work without end, steer a terminal, or turn into something else.

Covered: TOML (numbers, brackets, dotted keys, size, many faults), links (halves of characters,
length, numbers at the ends), self-checks, names in every spelling, messages.
"""

from __future__ import annotations

import time
import unicodedata

import pytest

from layers.errors import PotenzialatlasError, RecipeError
from layers.own_table.keys import Keys
from layers.plain import harmless, plain
from layers.query import from_query, to_query
from layers.recipe import Recipe
from layers.sources.formats import csv_lines
from layers.toml import LARGEST, parse_toml
from tests.hostile.targets import REGIONS, WHERE, look
from views.cli.inputs import judgements
from views.i18n import words
from views.recipe_files import why_refused

#: Seconds that a refusal may take on a machine with much else to do.
PATIENCE = 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = " + b"1" * 5_000, "too many digits"),
        (b"[filter]\nland = [0x" + b"F" * 5_000 + b"]", "at most 64 bits"),
        (b"a = " + b"[" * 100_000, "too deep"),
        (b"a = " + b"{a=" * 100_000, "too deep"),
        (b"a" + b".a" * 200_000 + b" = 1", "more than 16 parts"),
        (b'"a"' + b' . "a"' * 200_000 + b" = 1", "more than 16 parts"),
        (b"[a" + b".a" * 200_000 + b"]", "more than 16 parts"),
        (b'x = {p = """a"""", a' + b".a" * 20_000 + b"=1}", "more than 16 parts"),
        (b"'''" * 100_000, "not valid TOML"),
        (b'"""\\' * 100_000, "not valid TOML"),
        (b"year = " + b"1_" * 100_000, "too many digits"),
        (b"a" * (LARGEST + 1), "more than 2 MB"),
        (b"".join(b"k%d=1\n" % number for number in range(20_000)), "and 19992 more"),
        (b"year = 2020-01-01T00:00:00.9999999999999999+23:59", "'year'"),
        (b'name = "\\ud800"', "not valid TOML"),
        (b'name = "' + b"a" * 300 + b'"', "up to 200 characters"),
        (b"[normalise]\nmean = 1e400", "mean"),
        (b"[normalise]\nmean = nan", "mean"),
        (b"[normalise]\nsd = 5e-324", "sd"),
        (b'[weights]\n"layer:a" = inf', "layer:a"),
    ],
    ids=range(20),
)
def test_a_recipe_file_never_keeps_the_parser_busy_or_breaks_it(content, said):
    began = time.process_time()
    assert said in look("recipe", content)
    assert time.process_time() - began < PATIENCE


def test_dots_in_words_are_no_keys():
    told = 'name = "' + "z.B. d.h. u.a. " * 10 + "a." * 30 + '" # ' + "a." * 99
    assert parse_toml(told.encode(), "f", RecipeError)["name"].startswith("z.B.")


def test_signs_that_do_harm_unseen_are_gone_from_what_a_recipe_is_called():
    recipe = Recipe.parse({"name": "A\x00\x1b[31m\u202eB\ufffe\u2028C"})
    assert recipe.name.de == "A[31mB\nC"


@pytest.mark.parametrize(
    "query",
    [
        {"n": "\ud800"}, {"\ud800": "1", "w.\ud800": "1"}, {"f.land": "x" * 200_000},
        {"w.a": "nan"}, {"w.a": "1e400"}, {"w.a": "-5e-324"}, {"nr": "0~1e308"},
        {"f.land": "9" * 40, "y": "9" * 400}, {"ik": "9" * 400}, {"y": "٢٠٢٠"},
    ],
    ids=range(10),
)  # fmt: skip
def test_a_damaged_link_is_refused_in_one_short_line(query):
    with pytest.raises(RecipeError) as refusal:
        from_query(query)
    assert len(str(refusal.value)) < 400
    str(refusal.value).encode()


def test_the_smallest_and_largest_weights_keep_their_ratio():
    recipe = from_query({"w.a": "5e-324", "w.b": "-0"})
    assert from_query(to_query(recipe)) == recipe
    assert dict(recipe.weights) == {"layer:a": 5e-324, "layer:b": 0}


@pytest.mark.parametrize(
    "content",
    [
        b'kind = "selfcheck"\nformat = 0x' + b"F" * 5_000,
        b'kind = "selfcheck"\nformat = 1\nregion = 0x' + b"F" * 5_000,
        b'kind = "selfcheck"\nformat = 1\nregion = "x"\nplace = "a'
        + "\u0301\u0316".encode() * 100_000 + b'"',
    ],
    ids=range(3),
)  # fmt: skip
def test_a_self_check_is_refused_before_it_takes_long(content):
    began = time.process_time()
    look("check", content)
    assert time.process_time() - began < PATIENCE


def test_marks_without_end_above_one_letter_cost_no_time():
    began = time.process_time()
    pile = "A" + "\u0301\u0316" * 200_000
    assert len(unicodedata.normalize("NFD", plain(pile, 100))) <= 32
    assert Keys(REGIONS).match(pile).state == "missed"
    assert time.process_time() - began < PATIENCE


@pytest.mark.parametrize("end", ["\r" * 200_000, "\r" * 200_000 + "\n"])
def test_ends_of_lines_without_end_cost_no_time(end):
    began = time.process_time()
    try:
        csv_lines("a;b" + end, WHERE)
    except PotenzialatlasError as refusal:
        assert "no readable CSV" in str(refusal)  # noqa: PT017 -- either answer is right
    assert time.process_time() - began < PATIENCE


def test_an_error_is_one_line_that_steers_no_terminal_and_has_an_end():
    error = RecipeError("x: '\x1b]0;owned\x07\x9b31m\u202e\ra\nb'" + "y" * 10_000_000)
    assert str(error).startswith("x: ']0;owned31m a b'y")
    assert len(str(error)) < 5_000


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/x", "http://user@example.org", "www.example.org", "WWW.example.org",
        "a@example.org", "mailto:a@example.org", "xmpp:a@b.c", "![x](https://example.org/x.png)",
        "<https://example.org>", "[x]: https://example.org", "`code`", "$x$", "~~x~~", "**x**",
        "| a | b |", ":red[x]",
    ],
)  # fmt: skip
def test_a_name_becomes_no_link_picture_or_markup_on_a_page(name):
    kept = plain(name)
    assert not set("<>[]{}*`$~|\\") & set(kept)
    assert "://" not in kept
    assert "www." not in kept.lower()
    assert "@" not in kept


def test_an_address_stays_where_no_page_makes_a_link_of_it():
    assert plain("https://example.org/a?b=1", addresses=True) == "https://example.org/a?b=1"


def test_what_is_refused_is_shown_as_plain_text():
    image = "![](https://example.org/x.png)"
    error = RecipeError(f"a.toml: unknown key '{image}`{image}'")
    for said in (
        why_refused(f"{image}.toml", error, words("en")),
        words("en")("error.other", message=error),
    ):
        assert "](" not in said
        assert "://" not in said


def test_an_unseen_sign_between_letter_and_mark_leaves_one_spelling():
    assert plain("a\udc80\u0301") == "á"


def test_harmless_text_stays_as_it_is():
    kept = "Lüneburg – Łódź – 東京 – नमस्ते – می‌خواهم – 👩‍👩‍👧 – e\u0301 – a\u00adb\tc\nd"
    assert harmless(kept) == kept


@pytest.mark.parametrize("cell", ["1e999999999", "9" * 5_000, "1/0", "0x10", "inf", "1e400"])
def test_a_judgement_that_is_no_plain_number_is_refused_at_once(cell, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"x,a,b\na,1,{cell}\nb,1/3,1\n")
    with pytest.raises(RecipeError, match="is no number such as 3 or 1/3"):
        judgements(path)
