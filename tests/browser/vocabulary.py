"""Which words are German and which English: taken from the texts of the project itself.

A word that stands in the texts of one language only, and in no name, gives away a text that was not
translated. Names are the same in both: of Kreise, Länder, sources and publishers.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from driving import ROOT

from views import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Page

    from layers.catalogue import Text

VIEWS = ROOT / "views"
OTHER = {"de": "en", "en": "de"}
#: Texts on the page and names for screen readers, also where they are folded away; not code.
SAID = """() => {
  const found = [];
  const names = ["aria-label", "title", "placeholder", "alt", "aria-valuetext"];
  const walk = (root) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      // A tip is written anew whenever it comes, and nobody hears or sees it before.
      const quiet = "style, script, noscript, pre, code, .tip[hidden], "
        + "[data-testid=stIconMaterial]";
      if (data.trim() && !parentElement?.closest(quiet)) found.push(data);
    }
    for (const node of root.querySelectorAll("*")) {
      found.push(...names.map((name) => node.getAttribute(name)).filter(Boolean));
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document.body);
  return found;
}"""


def untranslated(page: Page, language: str) -> list[str]:
    """Texts of a page in which words of the other language stand."""
    wrong = only_in(OTHER[language])
    return [text for text in page.evaluate(SAID) if words_of([text]) & wrong]


@cache
def only_in(language: str) -> frozenset[str]:
    """Words of one language that are neither in the other nor in a name."""
    both = words_of(texts_of(OTHER[language])) | words_of(names())
    return frozenset(words_of(texts_of(language)) - both)


def words_of(texts: Iterable[str]) -> set[str]:
    return {word.lower() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}


def texts_of(language: str) -> Iterator[str]:
    for path in filter(Path.is_file, (VIEWS / "texts" / language).rglob("*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            for section in tomllib.loads(text).values():
                yield from (re.sub(r"\{[^}]*\}", "", one) for one in section.values())
        else:
            yield text
    yield from (one[language] for one in catalogue_texts())
    streamlit = (VIEWS / "component" / "streamlit_words.js").read_text(encoding="utf-8")
    pairs = re.findall(r'^  "(.+)": "(.+)",$', streamlit, re.MULTILINE)
    yield from (pair[language == "de"] for pair in pairs)


def catalogue_texts() -> Iterator[Text]:
    dataset = store.dataset()
    for layer in dataset.catalogue.layers:
        yield from (layer.name, layer.description, layer.rationale)
    for one in dataset.catalogue.indicator_by_id.values():
        yield from (one.name, one.definition, one.rationale, one.unit)
    for lens in dataset.lenses.values():
        yield from (lens.name, lens.description, lens.source)
        for group in lens.groups:
            yield from (group.name, group.description, group.rationale, group.needs)
    for attribute in dataset.attributes.values():
        yield from (attribute.name, attribute.note, *attribute.values.values())
    for recipe in store.presets().values():
        yield from (recipe.name, recipe.description)


def names() -> Iterator[str]:
    dataset = store.dataset()
    for column in ("name", "kind", "land_name", "thuenen_region_name"):
        yield from dataset.regions[column].dropna().astype(str)
    for source in dataset.sources.values():
        yield from (source.title["de"], source.title["en"], source.publisher)
        yield from (source.attribution, source.licence, str(source.edition))
