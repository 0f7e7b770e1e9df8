"""README.md says what is true: its examples run, its figures are recomputed, its links lead on."""

from __future__ import annotations

import re
import tomllib

import pytest

from layers import Dataset, Recipe
from tests.examples import ROOT, commands, differences, fenced, run_command, set_up

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
LARGEST_PICTURE = 250_000
STATUS = {"confirmed": "**confirmed**", "to-confirm": "to be confirmed"}


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(ROOT / "data" / "kreise")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return set_up(tmp_path_factory.mktemp("desk"))


def test_the_python_examples_and_all_figures_of_certainty_come_out_as_printed(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert differences(TEXT, "README.md") == []


@pytest.mark.parametrize(("command", "expected"), commands(TEXT), ids=lambda text: text[:60])
def test_the_commands_run_and_say_what_is_printed(desk, monkeypatch, command, expected):
    run_command(command, expected, desk, monkeypatch)


def test_the_recipe_shown_is_a_recipe_of_the_embedded_dataset(kreise):
    (block,) = fenced(TEXT, "toml")
    recipe = Recipe.parse(tomllib.loads(block), where="README.md")
    recipe.check(kreise.catalogue)
    assert recipe.dataset == kreise.reference
    assert set(recipe.filter) <= set(kreise.regions.columns)


def test_counts_in_the_prose_are_those_of_the_dataset(kreise):
    counts = {
        "Kreise": {len(kreise.regions), rural(kreise)},
        "layers": {len(kreise.catalogue.layers)},
        "indicators": {len(kreise.catalogue.indicator_by_id)},
    }
    before_speed = TEXT.partition("## Speed")[0]
    prose = re.sub(r"^```.*?^```$", "", before_speed, flags=re.MULTILINE | re.DOTALL)
    for word, allowed in counts.items():
        said = {int(number) for number in re.findall(rf"\b(\d+) (?:rural )?{word}\b", prose)}
        assert said
        assert said <= allowed


def test_both_pages_say_how_many_indicators_count_and_how_many_are_only_shown(kreise):
    indicators = kreise.catalogue.indicator_by_id.values()
    shown = sum(one.direction == "0" for one in indicators)
    assert shown == 6
    assert re.search(r"Six of\s+them are only shown", TEXT)
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    scored = len(indicators) - shown
    for words in (
        f"{len(indicators)} Indikatoren für 400 Kreise",
        f"{scored} zählen, sechs werden nur gezeigt",
        f"{len(indicators)} indicators for 400 Kreise",
        f"{scored} are scored, six are only shown",
    ):
        assert words in page


def rural(dataset):
    return int(dataset.regions["thuenen_type"].isin([1, 2, 3, 4]).sum())


def test_every_source_is_listed_with_the_status_of_its_licence(kreise):
    listed = dict(re.findall(r"^\| .* \(`(\w+)`\) \| (.*) \|$", TEXT, re.MULTILINE))
    statuses = {key: STATUS[one.licence_status] for key, one in kreise.sources.items()}
    assert listed == statuses
    confirmed = sum(status == STATUS["confirmed"] for status in statuses.values())
    numbers = r"(\d+) of (\d+) sources.*?for (\d+) it is to be confirmed"
    said = re.search(numbers, TEXT, re.DOTALL)
    assert [*map(int, said.groups())] == [confirmed, len(statuses), len(statuses) - confirmed]


def test_the_table_of_speed_has_a_row_for_every_measurement():
    rows = tomllib.loads((ROOT / "tests" / "benchmarks" / "rows.toml").read_text("utf-8"))
    table = re.search(r"<!-- speed -->\n(.*?)<!-- end of speed -->", TEXT, re.DOTALL).group(1)
    told = re.findall(r"^\| (.+?) \| (.*?) ?\| [\d.]+ m?s \| [\d.]+ m?s \|", table, re.MULTILINE)
    assert told == [(row["what"], row["target"]) for row in rows.values()]


def test_every_link_into_the_repository_leads_somewhere():
    targets = [one.partition("#") for one in re.findall(r"\]\(([^)\s]+)\)", TEXT)]
    own = [(path, mark) for path, _, mark in targets if "://" not in path]
    heads = {
        re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    }
    assert [path for path, _ in own if path and not (ROOT / path).exists()] == []
    assert [mark for path, mark in own if not path and mark not in heads] == []


def test_the_make_targets_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    code = " ".join(re.findall(r"`[^`\n]+`|^make .*$", TEXT, re.MULTILINE))
    named = set(re.findall(r"\bmake (\w+)\b", code))
    assert {"app", "test"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_the_pictures_are_small_enough_for_a_repository():
    pictures = re.findall(r"^!\[.+\]\((.+)\)$", TEXT, re.MULTILINE)
    assert len(pictures) >= 2
    assert [one for one in pictures if (ROOT / one).stat().st_size > LARGEST_PICTURE] == []
