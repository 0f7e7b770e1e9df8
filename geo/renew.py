"""A newer edition of the dataset of the Kreise from those files that are there.

An office rarely has the files of all publishers. Series whose files are there are read anew; all
others are taken over from the version before, with flags and sources as they stand there.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from geo import kreise, reforms
from geo.access.reader import AccessReader
from layers.build import Inputs, collect, publish, write_values
from layers.catalogue import Catalogue
from layers.dataset import Dataset
from layers.errors import DatasetError, SourceError
from layers.paths import data_folder
from layers.sources import READERS
from layers.sources.longtable import long_table
from layers.sources.plan import Plan, SeriesPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from layers.build import BuildReport
    from layers.home import Home
    from layers.sources.fetch.download import Progress
    from layers.sources.longtable import Reader
    from layers.update import Tell, Updater

__all__ = ["BOUNDARIES", "CROSSWALK", "REGIONS", "renew", "updater"]

#: Feeds of a fetch definition that are no readers of series: tables of regions, and borders.
CROSSWALK, REGIONS, BOUNDARIES = "umsteigeschluessel", "regions", "boundaries"
#: Stands in a series for the reader of the version before.
_BASE = "base"
#: Later than any year.
_NEVER = 9999
#: Why a series was not read anew though its files are there.
_FORMER = (
    "holds Kreise of former borders; without the BBSR Umsteigeschlüssel its values "
    "stay as they were"
)
_COPIED = ("regions.parquet", "boundaries.parquet")


def renew(
    raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
) -> BuildReport:
    """Build the dataset folder `target` from the files in `raw`, and from `base` what they lack.

    Series of newer editions (``newer/series.toml`` of the definitions) come in as soon as their
    files are there. Where all other files are there and none of these, this is `geo.kreise.build`;
    else regions and boundaries are those of `base`, and series in former borders are read anew only
    if the crosswalk is among the files.

    Parameters
    ----------
    base : Path
        Dataset folder of the version before.
    feeds : frozenset of str
        Readers whose files are in `raw`, as ``reader`` or ``reader:table``; and `CROSSWALK`,
        `REGIONS`, `BOUNDARIES`.

    Raises
    ------
    SourceError
        If a file does not look as expected.
    DatasetError
        If definitions and `base` contradict each other.
    """
    plan = Plan.load(definitions / "build.toml")
    newer = [one for one in _newer(definitions) if _is_fed(one, feeds)]
    needed = {CROSSWALK, REGIONS, BOUNDARIES}
    if not newer and needed <= feeds and all(_is_fed(one, feeds) for one in plan.series):
        return kreise.build(raw, definitions, target)
    before = Dataset.open(base)
    anew = [*newer, *(one for one in plan.series if _is_fed(one, feeds))]
    crosswalk = _crosswalk(raw, definitions, feeds)
    readers = {**READERS, "access": AccessReader(), _BASE: partial(_from_base, before)}
    inputs = Inputs(raw, readers, reforms.mover(crosswalk, frozenset(before.regions.index)))
    former = [] if CROSSWALK in feeds else _in_former_borders(anew, inputs, before, crosswalk)
    readable = [one for one in anew if one not in former]
    values, report = collect(
        Plan(series=tuple(_mix(plan, before, readable, newer))),
        inputs,
        catalogue=Catalogue.load(definitions / "catalogue"),
        regions=before.regions.index,
    )
    publish(
        definitions, target,
        tables={
            "values.parquet": partial(write_values, values),
            **{name: partial(shutil.copyfile, base / name) for name in _COPIED},
        },
        texts={
            name: definitions / name for name in ("catalogue", "sources.toml", "attributes.toml")
        },
    )  # fmt: skip
    left = tuple(f"{one.indicator} ({one.reader} {one.table}): {_FORMER}" for one in former)
    return replace(report, target=target, dropped=(*report.dropped, *left))


def updater(
    home: Home,
    definitions: Path | None = None,
    *,
    by_hand: Path | None = None,
    tell: Tell = lambda _step, _what: None,
    watch: Callable[[str], Progress | None] = lambda _place: None,
) -> Updater:
    """Return what brings a data home up to date, with its store and its credentials.

    Parameters
    ----------
    definitions : Path, optional
        Folder of build definitions; the project's if absent.
    by_hand : Path, optional
        Folder of files that were fetched by a person; they come first.
    tell : callable
        Told what begins.
    watch : callable
        Given a file's place, returns what the progress of its download is told to.

    Raises
    ------
    DatasetError
        If a folder is missing, or the definitions are broken.
    """
    from layers.sources.fetch.collect import Collector
    from layers.sources.fetch.credentials import FILE, Credentials
    from layers.sources.fetch.http import Client
    from layers.sources.fetch.snapshot import Store
    from layers.sources.fetch.supply import sources_of
    from layers.update import Updater

    if by_hand is not None and not by_hand.is_dir():
        raise DatasetError(f"{by_hand}: there is no such folder.")
    place = definitions or data_folder() / "definitions" / "kreise"
    client = Client(home.folder / "fetched", Credentials(home.folder / FILE))
    collector = Collector(client, Store(home.folder), sources_of(place), by_hand, watch)
    return Updater(home, place, collector, renew, tell)


def _in_former_borders(
    series: list[SeriesPlan], inputs: Inputs, before: Dataset, crosswalk: reforms.Crosswalk
) -> list[SeriesPlan]:
    """Pick the series with a key that neither regions nor crosswalk know."""
    known = {*before.regions.index, *crosswalk.links["old"]}
    return [one for one in series if not _regions_of(one, inputs.raw, inputs.readers) <= known]


def _newer(definitions: Path) -> tuple[SeriesPlan, ...]:
    """Series of newer editions: each says from which year on it stands in for what was there."""
    path = definitions / "newer" / "series.toml"
    series = Plan.load(path).series if path.is_file() else ()
    for one in series:
        if one.years is None:
            msg = f"{path}: the series of '{one.indicator}' must say its years."
            raise DatasetError(msg)
    return series


def _regions_of(series: SeriesPlan, raw: Path, readers: Mapping[str, Reader]) -> set[str]:
    below = series.denominator_reader or series.reader
    parts = [(series.reader, series.table, code) for code in (series.code, *series.numerator)]
    parts += [
        (below, series.denominator_table or series.table, code) for code in series.denominator
    ]
    tables = [readers[reader](raw, code, table) for reader, table, code in parts if code]
    return {str(key) for table in tables for key in table["region"].unique()}


def _is_fed(series: SeriesPlan, feeds: frozenset[str]) -> bool:
    readers = [(series.reader, series.table)]
    if series.denominator_reader or series.denominator_table:
        readers.append(
            (series.denominator_reader or series.reader, series.denominator_table or series.table)
        )
    return all(reader in feeds or f"{reader}:{table}" in feeds for reader, table in readers)


def _mix(
    plan: Plan, before: Dataset, readable: list[SeriesPlan], newer: list[SeriesPlan]
) -> Iterator[SeriesPlan]:
    """Yield series that are read anew, and in place of the others what the version before holds.

    Series of one indicator that come from one source cannot be told apart in the version before:
    they are read anew only together. A newer edition ends all other series of its indicator.
    """
    chosen = [one for one in newer if one in readable]
    begins = {one.indicator: one.years[0] for one in chosen if one.years}
    first = _first_years(before)
    known = {indicator for indicator, _ in first}
    groups = dict[tuple[str, str], list[SeriesPlan]]()
    for series in plan.series:
        usual = before.catalogue.indicator_by_id.get(series.indicator)
        source = "" if usual and series.source == usual.source else series.source
        groups.setdefault((series.indicator, source), []).append(series)
    for (indicator, source), members in groups.items():
        end = begins.get(indicator, _NEVER) - 1
        if all(one in readable for one in members):
            yield from (_until(one, end) for one in members)
        elif first.get((indicator, source), _NEVER) <= end or indicator not in known:
            yield SeriesPlan(
                indicator=indicator, reader=_BASE, code=indicator, table=source, source=source,
                years=(0, end), kind="rate", reweight="none",
                why="Taken over from the version before.",
            )  # fmt: skip
    yield from chosen


def _first_years(dataset: Dataset) -> dict[tuple[str, str], int]:
    """First year of each indicator and source."""
    rows = dataset.values[["indicator", "source", "year"]].drop_duplicates().sort_values("year")
    first = dict[tuple[str, str], int]()
    for indicator, source, year in zip(*(rows[name] for name in rows), strict=True):
        first.setdefault((str(indicator), str(source)), int(year))
    return first


def _until(series: SeriesPlan, end: int) -> SeriesPlan:
    first, last = series.years or (0, _NEVER)
    return series.model_copy(update={"years": (first, min(last, end))})


def _from_base(before: Dataset, raw: Path, code: str, table: str) -> pd.DataFrame:  # noqa: ARG001 a reader's signature
    """Read indicator `code` with source `table` out of the version before."""
    rows = before.values[(before.values["indicator"] == code) & (before.values["source"] == table)]
    if rows.empty:
        msg = f"{before.path}: holds no values of '{code}' to take over; fetch its files as well."
        raise SourceError(msg)
    return long_table(rows["region"], rows["year"], rows["value"], rows["flag"].astype("str"))


def _crosswalk(raw: Path, definitions: Path, feeds: frozenset[str]) -> reforms.Crosswalk:
    later = definitions / "reforms.csv"
    if CROSSWALK in feeds:
        return reforms.Crosswalk.load(raw, later)
    return reforms.Crosswalk.recent(later)
