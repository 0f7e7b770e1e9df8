"""What the descriptions inside a bundle say about it, in both languages, and its licences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from layers.catalogue import Text
from layers.texts import texts

if TYPE_CHECKING:
    from geo.document import Document

__all__ = ["Licence", "description", "file_note", "licences", "rights", "title", "word"]

_TEXTS = Path(__file__).with_name("bundle.toml")
_NOT_STATED = "not-stated"


class Licence(NamedTuple):
    """One licence with all sources that name it; empty where a source names none."""

    name: str
    url: str
    told: Text


def word(key: str, **values: Text | object) -> Text:
    """Return a text of the bundle with its placeholders filled."""

    def filled(language: str) -> str:
        chosen = {k: v[language] if isinstance(v, Text) else v for k, v in values.items()}
        return " ".join(texts(_TEXTS)[key][language].format(**chosen).split())

    return Text(de=filled("de"), en=filled("en"))


def title(document: Document) -> Text:
    """Title of the dataset and name of the recipe."""
    about = document.provenance
    return word("title", title=about.title, recipe=about.called)


def description(document: Document) -> Text:
    """Say what the files hold, and how far their ranks can be trusted."""
    about = document.provenance
    held = word(
        "description", count=len(document.table), recipe=about.called,
        hash=about.recipe_hash, reference=about.reference,
    )  # fmt: skip
    trust = word("certainty" if about.draws else "no_certainty")
    return Text(de=f"{held.de} {trust.de}", en=f"{held.en} {trust.en}")


def file_note(name: str) -> Text:
    """Say what a file of the bundle holds."""
    return word(name.replace(".", "_").replace("-", "_"))


def licences(document: Document) -> list[Licence]:
    """Licences of the sources, each with the sources that it is named for."""
    named: dict[tuple[str, str, str], list[str]] = {}
    for key, source in document.provenance.sources.items():
        terms = (source.licence, source.licence_url, source.licence_status)
        named.setdefault(terms, []).append(key)
    return [
        Licence("" if name == _NOT_STATED else name, url, _told(name, status, keys))
        for (name, url, status), keys in named.items()
    ]


def _told(name: str, status: str, keys: list[str]) -> Text:
    licence = word("not_stated") if name == _NOT_STATED else name
    sure = name == _NOT_STATED or status == "confirmed"
    return word(f"licence{'' if sure else '_open'}_of", licence=licence, sources=", ".join(keys))


def rights(document: Document) -> Text:
    """Say whose licences apply to the whole."""
    told = [one.told for one in licences(document)]
    return word("rights", licences=Text(
        de="; ".join(one.de for one in told), en="; ".join(one.en for one in told)
    ))  # fmt: skip
