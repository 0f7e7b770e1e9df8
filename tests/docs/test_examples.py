"""Every line of code on the pages runs, and what is printed below it is what comes out.

The English pages hold the same blocks, as `test_pages` says; so the German ones stand for both.
"""

from __future__ import annotations

import re
import tomllib

import pytest

from layers import Dataset, Recipe
from layers.catalogue import Layer
from tests.examples import ROOT, commands, differences, fenced, run_command, set_up

PAGES = ROOT / "docs" / "pages"
RESEARCH, CERTAINTY = "tutorials/research.md", "method/certainty.md"
FILE = re.compile(r'^```toml title="(.+?)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def text_of(name):
    return (PAGES / name).read_text(encoding="utf-8")


def not_in_the_readme():
    """Every command of the pages but those of README.md, which runs its own."""
    elsewhere = (ROOT / "README.md").read_text(encoding="utf-8")
    texts = (text_of(name) for name in (RESEARCH, "tutorials/journalism.md", "data/own.md"))
    found = [one for text in texts for one in commands(text)]
    return [(command, told) for command, told in found if f"$ {command}\n" not in elsewhere]


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(ROOT / "data" / "kreise")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a folder where the paths of the pages lead to the data, and files may appear."""
    folder = set_up(tmp_path_factory.mktemp("desk"))
    for title, content in FILE.findall(text_of(RESEARCH)):
        (folder / title).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [RESEARCH, CERTAINTY])
def test_python_prints_what_stands_there(desk, monkeypatch, name):
    monkeypatch.chdir(desk)
    assert differences(text_of(name), name) == []


@pytest.mark.parametrize(("command", "expected"), not_in_the_readme(), ids=lambda text: text[:60])
def test_commands_run_and_say_what_is_printed(desk, monkeypatch, command, expected):
    run_command(command, expected, desk, monkeypatch)


@pytest.mark.parametrize("name", ["reference/recipe.md", "reference/recipe.en.md", RESEARCH])
def test_recipes_shown_are_recipes_of_the_embedded_dataset(kreise, name):
    for title, content in FILE.findall(text_of(name)):
        recipe = Recipe.parse(tomllib.loads(content), where=title)
        recipe.check(kreise.catalogue)
        assert recipe.dataset == kreise.reference
        assert set(recipe.filter) <= set(kreise.regions.columns)


@pytest.mark.parametrize("name", ["reference/dataset.md", "reference/dataset.en.md"])
def test_the_layer_shown_is_one_that_a_catalogue_takes(name):
    ((_, content),) = FILE.findall(text_of(name))
    assert Layer.model_validate(tomllib.loads(content)).id == "housing"


def test_what_the_text_says_of_the_claim_is_what_its_code_prints():
    """The verdict of the tutorial repeats numbers of the blocks above it."""
    printed = "".join(fenced(text_of(RESEARCH), "pycon"))
    for name in (RESEARCH, "tutorials/research.en.md"):
        (verdict,) = re.findall(r"^> .*(?:\n> .*)*$", text_of(name), re.MULTILINE)
        for number in re.findall(r"(\d+) ?%", verdict) + re.findall(r"\((\d+)", verdict):
            assert f"{number}%" in printed or f"0.{number}" in printed, number


def test_every_page_speaks_of_the_dataset_that_is_there(kreise):
    named = {
        found
        for path in PAGES.rglob("*.md")
        for found in re.findall(r"kreise@[\d.]*\d", path.read_text(encoding="utf-8"))
    }
    assert named == {kreise.reference}


def test_the_sentence_below_the_bands_repeats_what_was_counted():
    counts = re.findall(r"or (?:more|fewer): (\d+)'", "".join(fenced(text_of(CERTAINTY), "pycon")))
    most, hardly = counts[:2]
    assert most == "1"
    assert f"gehören: {hardly} sind es" in text_of(CERTAINTY)
    assert f"among the best: {hardly} of them" in text_of("method/certainty.en.md")
    printed = "".join(fenced(text_of(RESEARCH), "pycon"))
    (sure,) = re.findall(r"'(\d+) of \d+ Kreise are in the best quarter", printed)
    for name, words in ((RESEARCH, "von {} Kreisen"), ("tutorials/research.en.md", "of {} Kreise")):
        assert words.format(sure) in text_of(name)
