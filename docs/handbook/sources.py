"""Every source of the embedded dataset and of the grid: whose it is, on which terms, what it feeds.

What has to be asked of whom before data are passed on stands with each source.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handbook.common import ROOT, kreise, say, table
from layers.dataset import Source
from layers.errors import DatasetError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from views.i18n import Language

__all__ = ["overview", "sources"]

_GRID = ROOT / "data" / "definitions" / "grid" / "sources.toml"
_PAGE_OF_INDICATORS = "../method/indicators.md"


def overview(language: Language, _rest: str) -> str:
    """One row per source: publisher, edition, licence and whether that is confirmed."""
    rows = [
        (
            f"[{one.title[language]}](#{key})", one.publisher, one.edition or "–",
            _licence(one, language), say(_status(one), language),
        )
        for key, one in kreise().sources.items()
    ]  # fmt: skip
    heads = ("source", "publisher", "edition", "licence", "licence_status")
    return table([say(head, language) for head in heads], rows)


def sources(language: Language, _rest: str) -> str:
    """All sources in full; those that only the grid uses come last."""
    own = "\n\n".join(_told(key, one, language) for key, one in kreise().sources.items())
    grid = "\n\n".join(_told(key, one, language, grid=True) for key, one in _grid_sources().items())
    return f"{own}\n\n## {say('grid_sources', language)}\n\n{grid}"


@cache
def _grid_sources() -> dict[str, Source]:
    return {
        key: validate(Source, entry, where=f"{_GRID} [{key}]", error=DatasetError)
        for key, entry in read_toml(_GRID, DatasetError).items()
    }


def _told(key: str, one: Source, language: Language, *, grid: bool = False) -> str:
    anchor = f"grid-{key}" if grid else key
    facts = "\n".join(f"* {line}" for line in _facts(key, one, language, grid=grid))
    note = one.licence_note[language]
    doubt = f'!!! question "{say("to_ask", language)}"\n    {note}' if note else ""
    return "\n\n".join(filter(None, [f"### {one.title[language]} {{#{anchor}}}", facts, doubt]))


def _facts(key: str, one: Source, language: Language, *, grid: bool) -> Iterator[str]:
    yield f"{say('key', language)}: `{key}`"
    yield f"{say('publisher', language)}: {one.publisher}"
    if one.edition:
        yield f"{say('edition', language)}: {one.edition}"
    if one.retrieved:
        yield f"{say('retrieved', language)}: {one.retrieved}"
    if one.url:
        yield f"{say('address', language)}: <{one.url}>"
    if one.copy_from:
        yield f"{say('copy', language)}: {one.copy_from}"
    if one.cite:
        yield f"DOI: [{one.cite}](https://doi.org/{one.cite})"
    yield f"{say('licence', language)}: {_licence(one, language)} – {say(_status(one), language)}"
    yield f"{say('attribution', language)}: {one.attribution}"
    if changes := one.changes[language]:
        yield f"{say('changes', language)}: {changes}"
    if not grid:
        yield f"{say('feeds', language)}: {_feeds(key, language)}"


def _feeds(key: str, language: Language) -> str:
    """Name the indicators with values from this source, or say that it serves something else."""
    values = kreise().values
    by_row = set(values.loc[values["source"] == key, "indicator"].astype(str))
    known = kreise().catalogue.indicator_by_id
    fed = [one for one in known.values() if one.source == key or one.id in by_row]
    links = [f"[{one.name[language]}]({_PAGE_OF_INDICATORS}#{one.id})" for one in fed]
    return ", ".join(links) or say("feeds_other", language)


def _licence(one: Source, language: Language) -> str:
    name = say("not_stated", language) if one.licence == "not-stated" else one.licence
    return f"[{name}]({one.licence_url})" if one.licence_url else name


def _status(one: Source) -> str:
    return one.licence_status.replace("-", "_")
