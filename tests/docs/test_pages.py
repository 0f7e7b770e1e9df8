"""The pages belong together: two languages, one list of pages, links that lead somewhere."""

from __future__ import annotations

import posixpath
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ENGLISH = ".en.md"
SETTINGS = yaml.safe_load((ROOT / "docs" / "mkdocs.yml").read_text(encoding="utf-8"))


def leaves(entries):
    """Names of pages in the navigation, with their titles; a page may stand without one."""
    for entry in entries:
        if isinstance(entry, str):
            yield "", entry
            continue
        for title, inside in entry.items():
            if isinstance(inside, str):
                yield title, inside
            else:
                yield title, ""
                yield from leaves(inside)


def english(name):
    return name.removesuffix(".md") + ENGLISH


def german(pages):
    return {name: text for name, text in pages.items() if not name.endswith(ENGLISH)}


def blocks(text, kinds="pycon|console"):
    return re.findall(rf"^```(?:{kinds})\n.*?^```$", text, re.MULTILINE | re.DOTALL)


def test_every_german_page_has_its_english_one_of_the_same_build(pages):
    names = german(pages)
    assert {english(name) for name in names} == {n for n in pages if n.endswith(ENGLISH)}
    for name, text in names.items():
        other = pages[english(name)]
        heads = [re.findall(r"^(#+) ", re.sub(r"```.*?```", "", one, flags=re.DOTALL), re.MULTILINE)
                 for one in (text, other)]  # fmt: skip
        assert heads[0] == heads[1], name
        assert blocks(text) == blocks(other), name


def test_both_languages_ask_for_the_same_pieces(pages):
    from handbook import names

    for name, text in german(pages).items():
        assert names(text) == names(pages[english(name)]), name


def test_the_navigation_names_every_page_once_and_every_title_in_english(pages):
    found = list(leaves(SETTINGS["nav"]))
    assert sorted(path for _, path in found if path) == sorted(german(pages))
    (translated,) = (
        one["nav_translations"]
        for plugin in SETTINGS["plugins"] if "i18n" in plugin
        for one in plugin["i18n"]["languages"] if "nav_translations" in one
    )  # fmt: skip
    assert {title for title, _ in found if title} == set(translated)


def test_links_between_pages_lead_to_a_page(pages):
    pictures = {path.name for path in (ROOT / "views" / "screenshots").glob("*.png")}
    for name, text in pages.items():
        plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", plain):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.split("#")[0]))
            if "://" in target:
                assert target.startswith("https://"), f"{name}: {target}"
            elif path.startswith("pictures/"):
                assert path.removeprefix("pictures/") in pictures, f"{name}: {target}"
            else:
                assert path in pages, f"{name}: {target}"


def test_nothing_is_loaded_from_another_host():
    """What the pages link to is up to the reader; what they load is not."""
    assert SETTINGS["theme"]["font"] is False
    loaded = [*SETTINGS["extra_css"], *SETTINGS["extra"]["polyfills"]]
    assert [one for one in loaded if not (ROOT / "docs" / "pages" / one).is_file()] == []
    for path in (ROOT / "docs" / "pages").rglob("*"):
        if path.suffix in {".css", ".js", ".md"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?:src=|url\(|import\s+|!\[[^\]]*\]\()['\"]?https?:", text), path


def test_the_settings_stop_the_build_at_a_warning_of_any_kind():
    assert set(SETTINGS["validation"]["links"].values()) == {"warn"}
    assert set(SETTINGS["validation"]["nav"].values()) == {"warn"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_commands_and_pages_named_in_the_text_exist(pages, language):
    """Make targets aside, which the Makefile knows: commands of ipot and pages of the app."""
    from handbook.commands import paths

    known = [path.split() for path in paths()]
    for name, text in pages.items():
        if name.endswith(ENGLISH) != (language == "en"):
            continue
        for said in re.findall(r"`ipot ([a-z-]+(?: [a-z-]+)?)", text):
            words = ["ipot", *said.split()]
            fits = any(one[: len(words)] == words[: len(one)] for one in known)
            assert fits, f"{name}: {' '.join(words)}"


def test_the_glossary_explains_every_term_in_both_languages():
    path = ROOT / "docs" / "handbook" / "glossary.toml"
    terms = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, one in terms.items():
        assert set(one) - {"tip"} == {"de", "en", "de_means", "en_means"}, key
