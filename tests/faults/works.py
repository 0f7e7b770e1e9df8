"""Work that writes files, each over what an earlier run left, and what must be true of its folder.

The same pieces of work serve the tests and the long run of kills (`kill.py`).
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from songs import build_with

from geo import place
from layers import Dataset, own_folder
from layers.extend import OwnData
from layers.home import EMBEDDED, Home
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client
from layers.sources.fetch.snapshot import Store
from layers.sources.fetch.supply import sources_of
from layers.update import Updater

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.build import BuildReport

TOY = Path(__file__).parents[1] / "toy"
_FETCH = """
[[file]]
place = "songs/count.csv"
sources = ["invented"]
feeds = ["songs"]
kind = "csv"
header = "region,value"
edition = "newer"
by_hand = { de = "Zählen.", en = "Count." }
"""


@dataclass(frozen=True)
class Work:
    """Something that is written into a folder.

    Attributes
    ----------
    folder : Path
        All that it changes lies here.
    do : callable
        Writes the newer state.
    states : callable
        Fingerprints of what people open in `folder`, by its name; to be called at any moment.
    """

    folder: Path
    do: Callable[[], Any]
    states: Callable[[Path], dict[str, str]]


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder with their names; hidden ones included."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    inner = sorted(one for one in path.rglob("*") if one.is_file())
    told = "\n".join(f"{one.relative_to(path)} {fingerprint(one)}" for one in inner)
    return hashlib.sha256(told.encode()).hexdigest()


def visible(folder: Path) -> dict[str, str]:
    """Fingerprint of everything in `folder` that is not hidden."""
    shown = (one for one in folder.glob("*") if not one.name.startswith("."))
    return {one.name: fingerprint(one) for one in shown}


def leftovers(folder: Path) -> list[str]:
    """Hidden names anywhere in `folder`."""
    return sorted(str(one.relative_to(folder)) for one in folder.rglob(".*"))


def build(folder: Path) -> Work:
    """Build a dataset over an older one."""
    base = folder / "base"
    shutil.copytree(TOY, base)
    there = folder / "there"
    there.mkdir()
    build_with(None, TOY, there / "songs", base=base)
    return Work(there, partial(build_with, [1, 2, 3, 9], TOY, there / "songs", base=base), visible)


def add(folder: Path) -> Work:
    """Write one's own dataset over an earlier version of it."""
    there = folder / "there"
    there.mkdir(parents=True)
    toy = Dataset.open(TOY)
    keys = toy.regions.index
    once, twice = (
        OwnData(f"Chöre {year}", "own", "", "+", year).add_to(
            toy, pd.Series(range(len(keys)), index=keys) + year
        )
        for year in (2020, 2021)
    )
    own_folder.write(once, there / "mine")
    return Work(there, partial(own_folder.write, twice, there / "mine"), visible)


def file(folder: Path) -> Work:
    """Write a file over an older one."""
    there = folder / "there"
    there.mkdir(parents=True)
    place.replace(there / "scores.csv", b"old\n" * 1000)
    return Work(there, partial(place.replace, there / "scores.csv", b"new\n" * 2000), visible)


def tables(folder: Path) -> Work:
    """Write a folder of tables that was not there."""
    there = folder / "there"
    there.mkdir(parents=True)
    contents = {f"{number}.csv": b"%d\n" % number for number in range(5)}
    return Work(there, partial(place.replace_all, there / "stages", contents), visible)


def update(folder: Path) -> Work:
    """Bring a data home up to date that was updated once before.

    What people open is the active version alone: folders beside it may wait for their turn.
    """
    definitions, embedded, by_hand = (folder / name for name in ("definitions", "kreise", "hand"))
    shutil.copytree(TOY, definitions)
    (definitions / "fetch.toml").write_text(_FETCH, encoding="utf-8")
    shutil.copytree(TOY, folder / "base")
    build_with(None, definitions, embedded, base=folder / "base")
    by_hand.mkdir()
    home = _Home(folder / "there", embedded)
    client = Client(home.folder / "fetched", Credentials())
    collector = Collector(client, Store(home.folder), sources_of(definitions), by_hand)
    updater = Updater(home, definitions, collector, _build)
    count(by_hand, 5)
    updater.run()
    count(by_hand, 6)
    return Work(home.folder, updater.run, lambda there: active(there, embedded))


def active(there: Path, embedded: Path) -> dict[str, str]:
    """Fingerprint of the version that is opened, by its name."""
    folder = _Home(there, embedded).active()
    return {folder.name: fingerprint(folder)}


#: All pieces of work, by name.
WORKS: dict[str, Callable[[Path], Work]] = {
    one.__name__: one for one in (build, add, file, tables, update)
}


@dataclass(frozen=True)
class _Home(Home):
    """A data home beside an embedded dataset of its own."""

    embedded: Path = Path()

    def version(self, name: str) -> Path:
        return self.embedded if name == EMBEDDED else super().version(name)


def _build(
    raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
) -> BuildReport:
    songs = pd.read_csv(raw / "songs" / "count.csv")["value"] if "songs" in feeds else None
    return build_with(songs, definitions, target, base=base)


def count(folder: Path, last: int) -> None:
    """Hand in a file with the songs of four islands, `last` on the last one."""
    text = f"region,value\nA1,1\nB2,2\nC3,3\nD4,{last}\n"
    (folder / "count.csv").write_text(text, encoding="utf-8")
