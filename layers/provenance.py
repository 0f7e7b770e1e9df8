"""Provenance: which data, which choices and whose work stand behind a set of scores.

The same `Provenance` goes into every export, as nested values for programs and as lines for people,
so that a file found years later can still be explained, repeated and attributed. It holds no clock:
equal scores have equal provenance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np

from layers.citation import called, citation, recipe_hash, tool_version
from layers.query import to_query
from layers.table import scored_indicators
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.catalogue import Text
    from layers.dataset import Dataset, Source
    from layers.errors import Notice
    from layers.recipe import Recipe
    from layers.robust import Bands
    from layers.score import Scores

__all__ = ["Draws", "IndicatorNote", "Provenance", "Run", "provenance", "tool_version"]

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]

_NAME = "potenzialatlas"
_TEXTS = Path(__file__).with_suffix(".toml")
#: Stands for all regions where their keys are listed.
_ALL = "*"
#: So many regions are named in a line of text.
_FEW = 12


@dataclass(frozen=True)
class IndicatorNote:
    """What stands behind one indicator of a run.

    Attributes
    ----------
    values, gaps : int
        Regions with and without a value, among those that the filter keeps.
    flags : dict
        Flag word -> number of these regions whose value carries it.
    flagged : dict
        Flag word -> keys of these regions, ``["*"]`` where they are all.
    sources : tuple of str
        Keys of the sources of these values.
    """

    id: str
    name: Text
    unit: Text
    layer: str
    year: int
    values: int
    gaps: int
    flags: dict[str, int]
    flagged: dict[str, list[str]]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Draws:
    """How rank bands were drawn; see `layers.robust.robust`."""

    draws: int
    seed: int
    spread: float | None


@dataclass(frozen=True)
class Run:
    """An analysis that was run on the scores, with everything needed to run it again.

    Attributes
    ----------
    name : str
        The analysis, as its command is called.
    settings : dict
        Seeds, draws, limits: plain values, fit for JSON.
    """

    name: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Provenance:
    """All that must be said about a set of scores.

    Attributes
    ----------
    reference : str
        ``id@version`` of the dataset.
    recipe : Recipe
        The recipe as run, bound to this dataset version.
    recipe_hash : str
        Short hash of both; see `layers.citation.recipe_hash`.
    called : Text
        Its name, with the lens by which it groups the indicators.
    cited : Text
        A sentence to cite them by, without line breaks.
    sources : dict of Source
        Sources of the indicators below, then those of regions and boundaries.
    every : bool
        Whether `indicators` holds all indicators with values, not only the scored ones.
    run : Run, optional
        The analysis whose result this belongs to, if it is more than scores and bands.
    """

    tool: str
    reference: str
    title: Text
    gebietsstand: str
    recipe: Recipe
    recipe_hash: str
    called: Text
    cited: Text
    sources: dict[str, Source]
    indicators: tuple[IndicatorNote, ...]
    draws: Draws | None
    notices: tuple[Notice, ...]
    every: bool
    run: Run | None = None

    @property
    def query(self) -> str:
        """The recipe as URL query, without the question mark."""
        return urlencode(to_query(self.recipe))

    def citation(self, language: str = "en") -> str:
        """Return one sentence to cite these scores by."""
        return self.cited[language]

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Plain nested values, texts in `language`; fit for JSON."""
        return {
            "tool": f"{_NAME} {self.tool}",
            "dataset": self.reference,
            "title": self.title[language],
            "gebietsstand": self.gebietsstand,
            "citation": self.citation(language),
            "recipe_hash": self.recipe_hash,
            "recipe_name": self.called[language],
            "recipe": self.recipe.to_toml(),
            "query": self.query,
            "bands": vars(self.draws).copy() if self.draws else None,
            "analysis": vars(self.run).copy() if self.run else None,
            "notices": [notice.message for notice in self.notices],
            "sources": [_source_dict(k, one, language) for k, one in self.sources.items()],
            "indicators": [_indicator_dict(one, language) for one in self.indicators],
        }

    def lines(self, language: str = "en") -> list[str]:
        """Lines of plain text in `language`, none of which holds a line break."""
        return [" ".join(line.split()) if line else "" for line in self._head(language)] + [
            _words("recipe_file", language),
            *(f"  {line}" for line in self.recipe.to_toml().splitlines()),
        ]

    def _head(self, language: str) -> Iterator[str]:
        yield _words("made_with", language, tool=self.tool)
        yield _words(
            "dataset", language, title=self.title[language], reference=self.reference
        )  # fmt: skip
        if self.gebietsstand:
            yield _words("gebietsstand", language, gebietsstand=self.gebietsstand)
        yield _words(
            "recipe", language, name=self.called[language], hash=self.recipe_hash
        )  # fmt: skip
        yield _words("query", language, query=self.query)
        if self.draws or not self.run:
            yield _draws_line(self.draws, language)
        if self.run:
            yield _run_line(self.run, language)
        yield _words("cite_as", language, cite=self.citation(language))
        for notice in self.notices:
            yield _words("notice", language, message=notice.message)
        yield _words("sources", language)
        for key, source in self.sources.items():
            yield from _source_lines(key, source, language)
        yield _words("all_indicators" if self.every else "indicators", language)
        for one in self.indicators:
            yield _indicator_line(one, language)


def provenance(
    scores: Scores, bands: Bands | None = None, *, every: bool = False, run: Run | None = None
) -> Provenance:
    """Gather what must be said about `scores`.

    Parameters
    ----------
    bands : Bands, optional
        Rank bands that are exported with them.
    every : bool
        Name all indicators that have values, not only the scored ones.
    run : Run, optional
        An analysis that was run on the scores.
    """
    dataset = scores.dataset
    keys = scored_indicators(scores)
    if every:
        keys = [key for key in dataset.catalogue.indicator_by_id if scores.years[key] > 0]
    indicators = _indicator_notes(scores, keys)
    used = {source for one in indicators for source in one.sources}
    about_regions = dataset.sources.keys() - _measuring(dataset)
    return Provenance(
        tool=tool_version(), reference=dataset.reference, title=dataset.title,
        gebietsstand=dataset.gebietsstand,
        recipe=scores.recipe.model_copy(update={"dataset": dataset.reference}),
        recipe_hash=recipe_hash(scores.recipe, dataset, scores.frozen),
        called=called(scores.recipe, dataset),
        cited=citation(scores.recipe, dataset, scores.frozen),
        sources={
            key: dataset.sources[key]
            for group in (used, about_regions)
            for key in dataset.sources
            if key in group
        },
        indicators=indicators,
        draws=Draws(bands.draws, bands.seed, bands.spread) if bands else None,
        notices=scores.warnings, every=every, run=run,
    )  # fmt: skip


def _indicator_notes(scores: Scores, keys: list[str]) -> tuple[IndicatorNote, ...]:
    catalogue, kept = scores.dataset.catalogue, scores.selected.to_numpy()
    regions = scores.raw.index[kept].astype(str).to_numpy()
    # Arrays from here on: to cut columns out of the frames one by one takes ten times as long.
    known = scores.raw[keys].notna().to_numpy()[kept]
    flags = scores.flags[keys].to_numpy(dtype=object)[kept]
    notes = []
    for key, there, words in zip(keys, known.T, flags.T, strict=True):
        one, year = catalogue.indicator_by_id[key], int(scores.years[key])
        flagged = _flagged(words, regions)
        notes.append(IndicatorNote(
            id=key, name=one.name, unit=one.unit, layer=catalogue.layer_of[key], year=year,
            values=int(there.sum()), gaps=int((~there).sum()),
            flags={word: len(keys) for word, keys in flagged.items()},
            flagged={w: keys if len(keys) < len(there) else [_ALL] for w, keys in flagged.items()},
            sources=_sources_of(scores.dataset, key, year),
        ))  # fmt: skip
    return tuple(notes)


def _flagged(flags: Texts, regions: Texts) -> dict[str, list[str]]:
    """Return the keys of the regions that carry each flag word, words in alphabetical order."""
    found: dict[str, list[str]] = {}
    for place in np.flatnonzero(flags != ""):
        for word in flags[place].split():
            found.setdefault(word, []).append(regions[place])
    return dict(sorted(found.items()))


def _sources_of(dataset: Dataset, indicator: str, year: int) -> tuple[str, ...]:
    """Name the sources of all values of a year: the rows' own, else the catalogue's."""
    usual = dataset.catalogue.indicator_by_id[indicator].source
    named = dataset.named_sources().get((indicator, year), ())
    return tuple(sorted(key or usual for key in named))


def _measuring(dataset: Dataset) -> set[str]:
    """Return the sources that indicators draw on; all others describe regions and boundaries."""
    named = {one.source for one in dataset.catalogue.indicator_by_id.values()}
    return named.union(*dataset.named_sources().values())


def _source_dict(key: str, source: Source, language: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": source.title[language],
        "publisher": source.publisher,
        "attribution": source.attribution,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "licence_status": source.licence_status,
        "licence_note": source.licence_note[language],
        "changes": source.changes[language],
        "cite": source.cite,
        "edition": source.edition,
        "retrieved": source.retrieved,
        "url": source.url,
    }


def _indicator_dict(one: IndicatorNote, language: str) -> dict[str, Any]:
    return vars(one) | {
        "name": one.name[language],
        "unit": one.unit[language],
        "sources": list(one.sources),
    }


def _draws_line(draws: Draws | None, language: str) -> str:
    if draws is None:
        return _words("no_bands", language)
    if draws.spread is None:
        return _words("bands_free", language, draws=draws.draws, seed=draws.seed)
    percent = f"{100 * draws.spread:g}"
    return _words(
        "bands_spread", language, draws=draws.draws, seed=draws.seed, spread=percent
    )  # fmt: skip


def _run_line(run: Run, language: str) -> str:
    settings = json.dumps(run.settings, ensure_ascii=False)
    return _words("analysis", language, name=run.name, settings=settings)


def _source_lines(key: str, source: Source, language: str) -> Iterator[str]:
    status = "confirmed" if source.licence_status == "confirmed" else "to_confirm"
    licence = source.licence
    if licence == "not-stated":
        licence = _words("not_stated", language)
    licence = ", ".join(part for part in (licence, source.licence_url) if part)
    yield "* " + _words(
        "source", language, key=key, attribution=source.attribution, licence=licence,
        status=_words(status, language),
    )  # fmt: skip
    title = source.title[language]
    edition = "" if source.edition in title else source.edition
    where = ", ".join(part for part in (title, edition, source.url) if part)
    yield _words("provided", language, publisher=source.publisher, where=where)
    if source.changes[language]:
        yield _words("changes", language, changes=source.changes[language])
    if source.licence_note[language]:
        yield _words("note", language, note=source.licence_note[language])
    if source.cite:
        yield _words("cite", language, cite=source.cite)


def _indicator_line(one: IndicatorNote, language: str) -> str:
    name = ", ".join(part for part in (one.name[language], one.unit[language]) if part)
    flags = _flag_words(one) or _words("no_flags", language)
    return "* " + _words(
        "indicator", language, id=one.id, name=name, year=one.year, gaps=one.gaps, flags=flags
    )  # fmt: skip


def _flag_words(one: IndicatorNote) -> str:
    """Count each flag; the regions are named where they are few."""

    def told(word: str, count: int) -> str:
        keys = one.flagged[word]
        named = keys != [_ALL] and len(keys) <= _FEW
        return f"{word} {count} ({', '.join(keys)})" if named else f"{word} {count}"

    return ", ".join(told(word, count) for word, count in one.flags.items())


def _words(key: str, language: str, /, **values: object) -> str:
    return texts(_TEXTS)[key][language].format(**values)
