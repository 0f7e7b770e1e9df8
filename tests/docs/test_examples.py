"""Every line of code on the pages runs, and what is printed below it is what comes out.

The English pages hold the same blocks, as `test_pages` says; so the German ones stand for both.
"""

from __future__ import annotations

import doctest
import io
import re
import shlex
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from layers import Dataset, Recipe
from layers.catalogue import Layer
from views.cli import main

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "pages"
ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
RESEARCH, CERTAINTY = "tutorials/research.md", "method/certainty.md"
FILE = re.compile(r'^```toml title="(.+?)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def text_of(name):
    return (PAGES / name).read_text(encoding="utf-8")


def fenced(name, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", text_of(name), re.MULTILINE | re.DOTALL)


def commands():
    """Every `ipot` command of the pages with the output below it; README.md runs its own."""
    elsewhere = (ROOT / "README.md").read_text(encoding="utf-8")
    found = []
    for name in (RESEARCH, "tutorials/journalism.md", "data/own.md"):
        parts = re.split(r"^\$ ", "".join(fenced(name, "console")), flags=re.MULTILINE)
        found += [tuple(part.split("\n", 1)) for part in parts if part]
    return [(command, told) for command, told in found if f"$ {command}\n" not in elsewhere]


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(ROOT / "data" / "kreise")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a folder where the paths of the pages lead to the data, and files may appear."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("data", "tests"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    for title, content in FILE.findall(text_of(RESEARCH)):
        (folder / title).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [RESEARCH, CERTAINTY])
def test_python_prints_what_stands_there(desk, monkeypatch, name):
    monkeypatch.chdir(desk)
    session = doctest.DocTestParser().get_doctest(
        "\n".join(fenced(name, "pycon")), {}, name, name, 0
    )
    wrong = []
    doctest.DocTestRunner(optionflags=ALIKE, verbose=False).run(session, out=wrong.append)
    assert len(session.examples) > 10
    assert wrong == []


@pytest.mark.parametrize(("command", "expected"), commands(), ids=lambda text: text[:60])
def test_commands_run_and_say_what_is_printed(desk, monkeypatch, command, expected):
    program, *words = shlex.split(command)
    monkeypatch.chdir(desk)
    monkeypatch.setattr(sys, "argv", ["ipot", *words])
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as end:
        main()
    code = end.value.code or 0
    assert program == "ipot"
    assert doctest.OutputChecker().check_output(expected, said.getvalue(), ALIKE), said.getvalue()
    assert code == (2 if expected.startswith("ipot: ") else 0)
    if "-o" in words:
        assert (desk / words[words.index("-o") + 1]).exists() == (code == 0)


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
    printed = "".join(fenced(RESEARCH, "pycon"))
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
    counts = re.findall(r"or (?:more|fewer): (\d+)'", "".join(fenced(CERTAINTY, "pycon")))
    most, hardly = counts[:2]
    assert most == "1"
    assert f"gehören: {hardly} sind es" in text_of(CERTAINTY)
    assert f"among the best: {hardly} of them" in text_of("method/certainty.en.md")
    printed = "".join(fenced(RESEARCH, "pycon"))
    (sure,) = re.findall(r"'(\d+) of \d+ Kreise are in the best quarter", printed)
    for name, words in ((RESEARCH, "von {} Kreisen"), ("tutorials/research.en.md", "of {} Kreise")):
        assert words.format(sure) in text_of(name)
