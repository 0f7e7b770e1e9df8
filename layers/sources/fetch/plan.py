"""Fetch definitions (TOML): which file comes from where, and where the readers look for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.catalogue import Text
from layers.errors import DatasetError, FetchError
from layers.sources.fetch.archive import safe_place
from layers.sources.fetch.kinds import Kind  # noqa: TC001 -- pydantic reads it
from layers.sources.fetch.prepare import Preparation  # noqa: TC001 -- as above
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["FetchPlan", "FileSpec", "Table", "Wizard"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Frozen):
    """A table of a GENESIS server; see `layers.sources.genesis.client_requests.Query`."""

    site: str
    table: str
    options: dict[str, str] = {}
    base: str = ""


class Wizard(_Frozen):
    """One of the two answers that lead to an indicator of INKAR; see `layers.sources.inkar.wizard`.

    Attributes
    ----------
    group : str
        Number of the indicator.
    part : str
        The years that are offered, or the values of all of them.
    """

    group: str
    part: Literal["offers", "values"]
    base: str = ""


class FileSpec(_Frozen):
    """One file of the raw folder.

    Attributes
    ----------
    place : str
        Path in the raw folder, as the reader knows it.
    sources : tuple of str
        Keys in ``sources.toml`` of what the file holds; also its names on the command line.
    feeds : tuple of str
        Readers of the build definition that need the file: ``reader``, or ``reader:table``.
    url : str
        Address; empty where the file can only be had by hand, as `by_hand` tells.
    genesis : Table, optional
    inkar_wizard : Wizard, optional
        Asked for instead of an address.
    member : str
        Pattern of the one file taken out of a zip archive; empty takes the file as it comes.
    prepare : str
        Step that makes the reader's file out of the fetched one; see `prepare`.
    sha256 : str
        What the address must give, where it can never change; empty if newer content is welcome.
    known : str
        SHA-256 of the content that ``sources.toml`` describes; a file that differs is newer.
    on_request : bool
        Whether it is fetched only where its source is named: a newer edition than the build knows.
    header : str
        How the first line must begin.
    title, publisher, licence, attribution : Text and str
        Where ``sources.toml`` does not know the source, since no indicator draws on it yet.
    hosts : tuple of str
        Further hosts that the address may redirect to.
    """

    place: str
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    feeds: tuple[str, ...] = ()
    url: str = ""
    genesis: Table | None = None
    inkar_wizard: Wizard | None = None
    member: str = ""
    prepare: Preparation = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    known: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    on_request: bool = False
    kind: Kind = "any"
    header: str = ""
    hosts: tuple[str, ...] = ()
    edition: str = ""
    title: Text = Text(de="", en="")
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    by_hand: Text = Text(de="", en="")

    @model_validator(mode="after")
    def _one_way(self) -> FileSpec:
        ways = [bool(one) for one in (self.url, self.genesis, self.inkar_wizard)]
        if sum(ways) > 1:
            msg = f"'{self.place}' has two of url, genesis and inkar_wizard; one is needed"
            raise ValueError(msg)
        if not (any(ways) or self.by_hand.de):
            needed = "url, genesis, inkar_wizard, or by_hand with the way to get it"
            msg = f"'{self.place}' needs {needed}"
            raise ValueError(msg)
        return self

    @property
    def is_online(self) -> bool:
        """Whether a program can fetch it."""
        return bool(self.url or self.genesis or self.inkar_wizard)


class FetchPlan(_Frozen):
    """A whole fetch definition."""

    file: Annotated[tuple[FileSpec, ...], Field(min_length=1)]

    @classmethod
    def load(cls, path: Path) -> FetchPlan:
        """Read a fetch definition.

        Raises
        ------
        DatasetError
            If the file is missing or broken, or two files have the same place.
        """
        plan = validate(cls, read_toml(path, DatasetError), where=str(path), error=DatasetError)
        for place, times in Counter(one.place for one in plan.file).items():
            safe_place(path, place)
            if times > 1:
                raise DatasetError(f"{path}: '{place}' occurs twice.")
        return plan

    def choose(self, names: Iterable[str]) -> list[FileSpec]:
        """Pick the files of the sources `names`; without a name all that the dataset is built from.

        Raises
        ------
        FetchError
            If there is no such source; lists those that there are.
        """
        wanted = set(names)
        known = {source for one in self.file for source in one.sources}
        if unknown := sorted(wanted - known):
            there = ", ".join(sorted(known))
            raise FetchError(f"no source '{unknown[0]}'; there are {there}.", code="no_source")
        if not wanted:
            return [one for one in self.file if one.feeds and not one.on_request]
        return [one for one in self.file if wanted & set(one.sources)]
