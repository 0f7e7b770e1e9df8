"""Which measures stand for a service and for newcomers, read from ``strain.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.catalogue import Identifier, Text  # noqa: TC001 -- pydantic reads them
from layers.errors import DatasetError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Newcomers", "Service", "Supply", "newcomers", "services"]

_FILE = Path(__file__).with_name("strain.toml")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Newcomers(_Part):
    """A measure of newcomers: its thirds in words, and the first year that later ones go with."""

    since: int = 0
    low: Text
    middle: Text
    high: Text


class Supply(_Part):
    """A measure of supply; `more` is "+" if a higher value means more of it."""

    indicator: Identifier
    more: Literal["+", "-"]


class Service(_Part):
    """A service; the first measure of either side gives its place.

    Attributes
    ----------
    newcomers : tuple of str
        Indicators that stand for newcomers, the first one usually.
    low, middle, high : Text
        Thirds of the first measure of supply in words.
    gap : Text
        What the data do not say about this service.
    """

    id: Identifier
    name: Text
    supply: tuple[Supply, ...] = Field(min_length=1)
    newcomers: tuple[Identifier, ...] = Field(min_length=1)
    low: Text
    middle: Text
    high: Text
    gap: Text

    @property
    def indicators(self) -> list[str]:
        """All measures, those of supply first."""
        return [*(one.indicator for one in self.supply), *self.newcomers]


class _Definition(_Part):
    services: tuple[Service, ...] = Field(alias="service")
    newcomers: dict[Identifier, Newcomers]

    @model_validator(mode="after")
    def _fits_together(self) -> _Definition:
        supply = [one.indicator for service in self.services for one in service.supply]
        if twice := {key for key in supply if supply.count(key) > 1 or key in self.newcomers}:
            raise ValueError(f"'{min(twice)}' stands for supply once, and for nothing else")
        named = {key for service in self.services for key in service.newcomers}
        if without := named - set(self.newcomers):
            raise ValueError(f"[newcomers.{min(without)}] is missing")
        return self


def services(known: Iterable[str]) -> tuple[Service, ...]:
    """Return the services that can be shown with the indicators `known`.

    Each keeps the measures that are known. It is left out without its first measure of supply,
    whose thirds it has words for, and without any measure of newcomers.
    """
    there = set(known)
    found = []
    for one in _definition().services:
        supply = tuple(measure for measure in one.supply if measure.indicator in there)
        arrived = tuple(key for key in one.newcomers if key in there)
        if supply and supply[0] == one.supply[0] and arrived:
            found.append(one.model_copy(update={"supply": supply, "newcomers": arrived}))
    return tuple(found)


def newcomers(indicator: str) -> Newcomers:
    """Return the words of a measure of newcomers."""
    return _definition().newcomers[indicator]


@cache
def _definition() -> _Definition:
    return validate(
        _Definition, read_toml(_FILE, DatasetError), where=str(_FILE), error=DatasetError
    )
