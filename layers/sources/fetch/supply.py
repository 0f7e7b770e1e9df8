"""Which source feeds what, how it is had, and which edition of it a dataset holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from layers.catalogue import Catalogue, Text
from layers.dataset import Source
from layers.errors import DatasetError
from layers.sources.fetch.plan import FetchPlan
from layers.sources.plan import Plan
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from layers.dataset import Dataset
    from layers.sources.fetch.plan import FileSpec
    from layers.sources.plan import SeriesPlan

__all__ = ["Supply", "Way", "sources_of", "supplies"]

#: How a source is had: from an address, from an address with an account, or by a person.
Way = Literal["online", "account", "by_hand"]
#: Feeds of a fetch definition that are no series of values.
_FRAME = ("regions", "boundaries", "umsteigeschluessel")


@dataclass(frozen=True)
class Supply:
    """A source of a fetch definition.

    Attributes
    ----------
    places : tuple of str
        Its files.
    addresses : tuple of str
        Where they come from; for tables of a GENESIS server its name and the table's.
    feeds : tuple of str
        Indicators that take values from it.
    frame : tuple of str
        What else it feeds: ``regions``, ``boundaries``, ``umsteigeschluessel``.
    newer : bool
        Whether it is a newer edition than the definitions describe: fetched only where named.
    held : str
        Edition that the dataset holds; empty if it holds none.
    retrieved : str
        Day on which that came, ISO 8601.
    by_hand : Text
        How a person gets it, if that is the way.
    """

    key: str
    title: Text
    publisher: str
    way: Way
    places: tuple[str, ...]
    addresses: tuple[str, ...]
    feeds: tuple[str, ...]
    frame: tuple[str, ...]
    newer: bool
    held: str
    retrieved: str
    by_hand: Text


def supplies(definitions: Path, dataset: Dataset) -> tuple[Supply, ...]:
    """List the sources of the fetch definition in the folder `definitions`.

    Parameters
    ----------
    dataset : Dataset
        Tells which edition of each is held.

    Raises
    ------
    DatasetError
        If a definition is missing or broken.
    """
    files, described = FetchPlan.load(definitions / "fetch.toml").file, sources_of(definitions)
    catalogue = Catalogue.load(definitions / "catalogue")
    usual = {key: one.source for key, one in catalogue.indicator_by_id.items()}
    series = list(_series(definitions))
    return tuple(
        _supply(
            key, [one for one in files if key in one.sources], described.get(key),
            dataset.sources.get(key), series, usual,
        )
        for key in dict.fromkeys(key for one in files for key in one.sources)
    )  # fmt: skip


def sources_of(definitions: Path) -> dict[str, Source]:
    """Read the sources of a build definition and of newer editions, for the licences in manifests.

    Raises
    ------
    DatasetError
        If ``sources.toml`` is missing or broken.
    """
    newer = definitions / "newer" / "sources.toml"
    paths = [definitions / "sources.toml", *([newer] if newer.is_file() else [])]
    return {
        key: validate(Source, entry, where=f"{path} [{key}]", error=DatasetError)
        for path in paths
        for key, entry in read_toml(path, DatasetError).items()
    }


def _series(definitions: Path) -> Iterator[SeriesPlan]:
    for path in (definitions / "build.toml", definitions / "newer" / "series.toml"):
        if path.is_file():
            yield from Plan.load(path).series


def _supply(  # noqa: PLR0917 -- six kinds of facts, told once
    key: str, files: list[FileSpec], described: Source | None, held: Source | None,
    series: Iterable[SeriesPlan], usual: dict[str, str],
) -> Supply:  # fmt: skip
    first = files[0]
    # Different files that no dataset holds yet have only their publisher in common.
    is_one = all(one.title == first.title for one in files)
    called = first.title if is_one else Text(de=first.publisher, en=first.publisher)
    feeds = {feed for one in files for feed in one.feeds}
    fed = [
        one.indicator
        for one in series
        if (one.source or usual.get(one.indicator)) == key
        and {one.reader, f"{one.reader}:{one.table}"} & feeds
    ]
    return Supply(
        key=key, title=described.title if described else called,
        publisher=described.publisher if described else first.publisher, way=_way(files),
        places=tuple(one.place for one in files),
        addresses=tuple(dict.fromkeys(filter(None, map(_address, files)))),
        feeds=tuple(dict.fromkeys(fed)), frame=tuple(one for one in _FRAME if one in feeds),
        newer=all(one.on_request for one in files), held=held.edition if held else "",
        retrieved=held.retrieved if held else "", by_hand=first.by_hand,
    )  # fmt: skip


def _way(files: list[FileSpec]) -> Way:
    if not all(one.is_online for one in files):
        return "by_hand"
    return "account" if any(one.genesis for one in files) else "online"


def _address(spec: FileSpec) -> str:
    if spec.genesis:
        return f"{spec.genesis.site} {spec.genesis.table}"
    return f"inkar.de {spec.inkar_wizard.group}" if spec.inkar_wizard else spec.url
