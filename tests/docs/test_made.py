"""What the site makes of program and data: complete, in two languages, and never empty."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from handbook import fill, names
from handbook.commands import paths
from handbook.common import content_of, kreise, table
from handbook.docstrings import REST, SOURCES, modules_of, public_modules
from handbook.errors import classes
from handbook.pieces import PIECES

from layers import Recipe

ROOT = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("language", ["de", "en"])


@BOTH
def test_every_indicator_stands_with_all_that_the_catalogue_says_of_it(language):
    text = PIECES["indicators"](language, "")
    for key, one in kreise().catalogue.indicator_by_id.items():
        assert f"### {one.name[language]} {{#{key}}}" in text
        for told in (one.definition, one.rationale, one.unit):
            assert told[language].strip() in text
    assert text.count("](../data/sources.md#") >= len(kreise().catalogue.indicator_by_id)


def test_years_and_coverage_are_those_of_the_data():
    text = PIECES["indicators"]("en", "")
    newest = kreise().select()
    for key in kreise().catalogue.indicator_by_id:
        part = text.partition(f"{{#{key}}}")[2].partition("###")[0]
        said = re.search(r"scored is (\d+), with values for (\d+) of (\d+)", part)
        present = int(newest.values[key].notna().sum())
        assert [*map(int, said.groups())] == [newest.years[key], present, len(kreise().regions)]


@BOTH
def test_every_source_stands_with_attribution_licence_and_open_questions(language):
    text = PIECES["sources"](language, "")
    for key, one in kreise().sources.items():
        assert f"{{#{key}}}" in text
        assert one.attribution in text
        assert one.licence_note[language].strip() in text
    linked = set(re.findall(r"indicators\.md#(\w+)", text))
    assert linked == set(kreise().catalogue.indicator_by_id)


@BOTH
def test_every_key_of_a_recipe_is_explained_and_nothing_else(language):
    schema = Recipe.model_json_schema()
    text = PIECES["recipe"](language, "")
    parts = {part for part in schema["properties"] if f"### `[{part}]`" in text}
    said = set(content_of("recipe"))
    keys = set(schema["properties"])
    for part in parts:
        model = re.search(r"\$defs/(\w+)", json.dumps(schema["properties"][part]))[1]
        keys |= {f"{part}.{key}" for key in schema["$defs"][model]["properties"]}
    assert said == keys


def test_the_keys_of_a_link_are_all_there():
    text = PIECES["query"]("en", "")
    for key in ("`w.ID`", "`f.COL`", "`nm`", "`av.ID`"):
        assert f"| {key} |" in text


@BOTH
def test_every_column_of_every_file_is_explained(language):
    for book, some in (("scores", "rank_p05"), ("analyses", "indices.first")):
        text = PIECES["columns"](language, book)
        assert f"| `{some}` |" in text
        assert "{" not in text


@pytest.mark.pinned
def test_every_command_stands_with_its_options():
    text = PIECES["commands"]("en", "")
    assert {"ipot score", "ipot data check", "ipot selfcheck result"} <= set(paths())
    for path in paths():
        assert f"## `{path}`\n" in text
    assert "`--draws NUMBER`" in text
    assert "`--language de|en`" in text


def test_every_class_and_code_of_errors_is_listed():
    assert "`SelfCheckError`" in classes("en", "")
    text = PIECES["codes"]("de", "")
    assert "| `no_weight` | `RecipeError` |" in text
    assert "Alle Gewichte stehen auf 0." in text
    assert "`other_version`" in PIECES["notices"]("en", "")


def test_every_public_module_of_the_library_stands_in_one_chapter():
    chapters = [*content_of("docstrings"), SOURCES, REST]
    stands = [module for chapter in chapters for module in modules_of(chapter)]
    assert sorted(stands) == sorted(public_modules())


@BOTH
def test_the_method_is_the_text_of_the_page_in_the_app(language):
    text = PIECES["method"](language, "")
    own = (ROOT / "views" / "texts" / language / "method.md").read_text(encoding="utf-8")
    assert own.split("\n\n")[1] in text
    assert kreise().reference in text


@BOTH
def test_what_to_know_before_use_is_in_the_language_of_the_reader(language):
    text = PIECES["before_use"](language, "")
    assert ("Gitter" in text) == (language == "de")
    assert "](.." not in text


@BOTH
def test_a_file_that_is_not_there_yet_is_told_and_stops_nothing(language):
    assert "no/such/file.md" in PIECES["file"](language, "no/such/file.md")


def test_files_from_elsewhere_lose_title_and_links_into_the_project():
    text = PIECES["file"]("en", "data/README.md")
    assert not text.startswith("# ")
    assert "](../" not in text
    assert "`layers/kinds.py`" in text


def test_all_pieces_that_pages_ask_for_are_there(pages):
    asked = {name for text in pages.values() for name in names(text)}
    assert asked == set(PIECES)
    with pytest.raises(KeyError, match="no such piece"):
        fill("{{ nothing }}", "en")


def test_a_bar_tears_no_cell_apart_but_stays_as_it_is_in_code():
    assert table(["a"], [["x | y `p|q`"]]).endswith("| x \\| y `p|q` |")
