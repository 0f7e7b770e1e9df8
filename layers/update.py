"""A newer version of the dataset beside the old one: fetch, build, check, and only then switch.

At every moment before the last step the old version is the active one, and the last step is one
replacement of a small file. Whatever ends an update early, the dataset still opens; what was
fetched by then is not fetched again.

How a dataset is built from raw files is handed in, since that needs geometry.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import tomli_w

from layers import changes, quality
from layers.dataset import Dataset
from layers.errors import DatasetError
from layers.home import EMBEDDED
from layers.sources.fetch.collect import now
from layers.sources.fetch.download import digest, no_room
from layers.sources.fetch.plan import FetchPlan, FileSpec
from layers.sources.fetch.snapshot import Entry, Snapshot
from layers.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from layers.build import BuildReport
    from layers.changes import Changes
    from layers.home import Home
    from layers.quality import Quality
    from layers.sources.fetch.collect import Collector

    #: Told what begins: a step (`fetch`, `build`, `check`) and what it is about.
    Tell = Callable[[str, str], None]

__all__ = ["Builder", "Outcome", "Updater"]


class Builder(Protocol):
    """Builds a dataset folder from raw files."""

    def __call__(
        self, raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
    ) -> BuildReport:
        """Build `target`.

        Parameters
        ----------
        base : Path
            Dataset folder that the values of all other indicators are taken from.
        feeds : frozenset of str
            Readers (``reader`` or ``reader:table``) whose files are in `raw`.
        """
        ...


@dataclass(frozen=True)
class Outcome:
    """What an update did.

    Attributes
    ----------
    version : str
        The version that was built.
    before : str
        The version that was active then, which it is compared with.
    switched : bool
        Whether it is the active one now.
    unchanged : bool
        Whether it is the same as the active one, to the last byte.
    snapshot : str
        Name of the manifest of what was fetched.
    dataset : Dataset
        The new version as it was checked; its folder may have moved since.
    by_hand : tuple of FileSpec
        Files that only a person can fetch and nobody handed in; their values stay as they were.
    """

    version: str
    before: str
    switched: bool
    unchanged: bool
    snapshot: str
    fetched: tuple[Entry, ...]
    dataset: Dataset
    changes: Changes
    quality: Quality
    report: BuildReport
    by_hand: tuple[FileSpec, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may become the active one: it is another one, and no check forbids it."""
        return not (self.unchanged or self.quality.errors)


@dataclass(frozen=True)
class Updater:
    """Brings a data home up to date.

    Attributes
    ----------
    definitions : Path
        Build definitions with ``fetch.toml`` and, for newer editions than those that the build
        knows, ``newer/series.toml`` and ``newer/sources.toml``.
    collector : Collector
        Fetches one file.
    """

    home: Home
    definitions: Path
    collector: Collector
    build: Builder
    tell: Tell = lambda _step, _what: None

    def run(
        self, names: Iterable[str] = (), *, dry_run: bool = False, hold: bool = False
    ) -> Outcome:
        """Fetch the sources `names` (all in use if empty) and build a new version.

        Parameters
        ----------
        dry_run : bool
            Do everything but the switch.
        hold : bool
            Lay the new version beside the active one, until a person has seen what it changes;
            then `switch`.

        Raises
        ------
        FetchError
            If a file cannot be had or is not what it should be.
        DatasetError
            If another update is running, or the definitions are broken.
        SourceError
            If a reader finds something else in a file than it expects.
        """
        try:
            with self.home.locked(), self.home.workplace() as work:
                return self._run(list(names), work, dry_run=dry_run, hold=hold)
        except OSError as cause:
            raise no_room(str(self.home.folder), cause) from cause

    def switch(self, outcome: Outcome) -> None:
        """Make a version that was held back the active one.

        Raises
        ------
        DatasetError
            If checks forbid it, or another version has become the active one since it was built.
        """
        if not outcome.ready:
            msg = f"{outcome.version}: is no newer version that passed its checks."
            raise DatasetError(msg, code="not_ready")
        with self.home.locked():
            if self.home.pointer.active.name != outcome.before:
                msg = (
                    f"{outcome.version}: was compared with version {outcome.before}, which is not "
                    "the active one any more; run the update again."
                )
                raise DatasetError(msg, code="overtaken")
            self.home.switch(outcome.version, outcome.snapshot)

    def _run(self, names: list[str], work: Path, *, dry_run: bool, hold: bool) -> Outcome:
        fetched, by_hand = self._fetch(names, work)
        snapshot = self._snapshot(fetched)
        self.collector.store.save(snapshot)
        self.tell("build", "")
        report = self._build(snapshot, work)
        self.tell("check", "")
        return self._judge(
            work / "new", report, snapshot, tuple(fetched), tuple(by_hand),
            dry_run=dry_run, hold=hold,
        )  # fmt: skip

    @cached_property
    def _plan(self) -> FetchPlan:
        return FetchPlan.load(self.definitions / "fetch.toml")

    def _fetch(self, names: list[str], work: Path) -> tuple[list[Entry], list[FileSpec]]:
        fetched, by_hand = list[Entry](), list[FileSpec]()
        for spec in self._plan.choose(names):
            if not (spec.is_online or self.collector.has(spec)):
                by_hand.append(spec)
                continue
            self.tell("fetch", spec.place)
            fetched.append(self.collector.collect(spec, work / "fetched"))
        if not fetched:
            first = f" {by_hand[0].place}: {by_hand[0].by_hand.en}" if by_hand else ""
            msg = f"nothing can be fetched; hand the files in with --from.{first}"
            raise DatasetError(msg, code="nothing_fetched")
        return fetched, by_hand

    def _snapshot(self, fetched: list[Entry]) -> Snapshot:
        """Join what was fetched with the files of the snapshot before that were not.

        Content that is still the same keeps the day on which it came first; otherwise every update
        would be a new version.
        """
        last = self.home.pointer.active.snapshot
        kept = self.collector.store.load(last).file if last else ()
        files = {one.place: one for one in kept}
        for one in fetched:
            before = files.get(one.place)
            same = before is not None and before.sha256 == one.sha256
            first = {"retrieved": before.retrieved} if before and same else {}
            files[one.place] = one.model_copy(update=first)
        return Snapshot(taken=now(), file=tuple(files[place] for place in sorted(files)))

    def _build(self, snapshot: Snapshot, work: Path) -> BuildReport:
        raw, definitions = work / "raw", work / "definitions"
        raw.mkdir()
        self.collector.store.lay_out(snapshot, raw)
        shutil.copytree(self.definitions, definitions)
        _add_sources(definitions, snapshot)
        _date_sources(definitions / "sources.toml", snapshot, self._expected())
        return self.build(
            raw, definitions, work / "new", base=self.home.active(), feeds=self._feeds(snapshot)
        )

    def _expected(self) -> dict[str, str]:
        """Place -> hash of the content that the definitions already describe."""
        return {one.place: one.known or one.sha256 for one in self._plan.file}

    def _feeds(self, snapshot: Snapshot) -> frozenset[str]:
        """Readers all of whose files are there."""
        there = {one.place for one in snapshot.file}
        every = {feed for one in self._plan.file for feed in one.feeds}
        lacking = {feed for one in self._plan.file if one.place not in there for feed in one.feeds}
        return frozenset(every - lacking)

    def _judge(
        self, built: Path, report: BuildReport, snapshot: Snapshot, fetched: tuple[Entry, ...],
        by_hand: tuple[FileSpec, ...], *, dry_run: bool, hold: bool,
    ) -> Outcome:  # fmt: skip
        active, name = self.home.active(), self.home.pointer.active.name
        unchanged = _content(built) == _content(active)
        version = _rename(built, active, self.home.version(EMBEDDED), unchanged=unchanged)
        before, after = Dataset.open(active), Dataset.open(built)
        checked = quality.examine(
            after, before=before, national=self.definitions / "national.toml"
        )  # fmt: skip
        differ = changes.compare(before, after)
        outcome = Outcome(
            version, name, False, unchanged, snapshot.name, fetched, after, differ, checked,
            report, by_hand,
        )  # fmt: skip
        if dry_run:
            return outcome
        if outcome.ready:
            self.home.adopt(built, version)
        elif unchanged:
            self.home.remember(snapshot.name)
        if hold or not outcome.ready:
            return outcome
        self.home.switch(version, snapshot.name)
        return replace(outcome, switched=True)


def _add_sources(definitions: Path, snapshot: Snapshot) -> None:
    """Name the sources of newer editions (``newer/sources.toml``) whose files are there."""
    newer = definitions / "newer" / "sources.toml"
    if not newer.is_file():
        return
    there = {source for one in snapshot.file for source in one.sources}
    added = {key: one for key, one in read_toml(newer, DatasetError).items() if key in there}
    if added:
        path = definitions / "sources.toml"
        text = f"{path.read_text(encoding='utf-8').rstrip()}\n\n{tomli_w.dumps(added)}"
        path.write_text(text, encoding="utf-8", newline="\n")


def _date_sources(path: Path, snapshot: Snapshot, expected: Mapping[str, str]) -> None:
    """Enter day and edition of newer files into the copied ``sources.toml``.

    A file that is still the one that the definitions describe leaves its source as it stands, so
    that the same files always give the same dataset.
    """
    content, newer = read_toml(path, DatasetError), False
    for one in snapshot.file:
        if one.sha256 == expected.get(one.place):
            continue
        for key in one.sources:
            if key in content:
                newer = True
                content[key]["retrieved"] = one.retrieved[:10]
                if one.edition:
                    content[key]["edition"] = one.edition
    if newer:
        path.write_text(tomli_w.dumps(content), encoding="utf-8", newline="\n")


def _content(folder: Path) -> str:
    """Hash of all files of a dataset but its head, which holds the version."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = "\n".join(
        f"{path.relative_to(folder).as_posix()} {digest(path)}"
        for path in files
        if path.name != "dataset.toml"
    )
    return hashlib.sha256(lines.encode()).hexdigest()


def _rename(built: Path, active: Path, embedded: Path, *, unchanged: bool) -> str:
    """Give a new content a version of its own: that of the definitions, and a short hash."""
    path = built / "dataset.toml"
    if unchanged:
        return str(read_toml(active / "dataset.toml", DatasetError)["version"])
    given = str(read_toml(path, DatasetError)["version"])
    if (embedded / "dataset.toml").is_file() and _content(embedded) == _content(built):
        return given
    version = f"{given}+{_content(built)[:8]}"
    text = path.read_text(encoding="utf-8")
    line = re.compile(r'^version = ".*"$', re.MULTILINE)
    path.write_text(line.sub(f'version = "{version}"', text, count=1), encoding="utf-8")
    return version
