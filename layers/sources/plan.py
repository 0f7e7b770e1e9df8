"""Build definitions (TOML): what is read from where, and what cannot be true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.errors import DatasetError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from pathlib import Path


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Drop(_Frozen):
    """Values that cannot be true and are left out, with the reason."""

    why: str = Field(min_length=1)
    regions: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    equal: float | None = None
    below: float | None = None
    above: float | None = None

    def hits(self, table: pd.DataFrame) -> pd.Series:
        """Tell which rows of a long table the rule means; `regions` are beginnings of keys."""
        value, mask = table["value"], pd.Series(data=True, index=table.index)
        if self.regions:
            mask &= table["region"].str.startswith(self.regions)
        if self.years:
            mask &= table["year"].between(*self.years)
        if self.equal is not None:
            mask &= value == self.equal
        if self.below is not None:
            mask &= value < self.below
        if self.above is not None:
            mask &= value > self.above
        return mask


class SeriesPlan(_Frozen):
    """Where the values of one indicator (or of some of its years) come from.

    Either `code` is read as it stands, or the value is calculated as
    ``factor * sum(numerator) / sum(denominator)`` from counts that were moved first.
    """

    indicator: str
    reader: str
    table: str = ""
    code: str = ""
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    denominator_reader: str = ""
    denominator_table: str = ""
    denominator_kind: str = ""
    factor: float = 1.0
    source: str = ""
    years: tuple[int, int] | None = None
    kind: Literal["rate", "count", "events"]
    reweight: Literal["population", "area", "employees", "none"]
    why: str = Field(min_length=1)
    drop: tuple[Drop, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> SeriesPlan:
        ratio = bool(self.numerator and self.denominator)
        if bool(self.code) == ratio or bool(self.numerator) != bool(self.denominator):
            msg = f"series of '{self.indicator}' needs either code, or numerator and denominator"
            raise ValueError(msg)
        return self


class Plan(_Frozen):
    """A whole build definition."""

    series: Annotated[tuple[SeriesPlan, ...], Field(min_length=1)]

    @classmethod
    def load(cls, path: Path) -> Plan:
        """Read a build definition.

        Raises
        ------
        DatasetError
            If the file is missing or broken; names the key and what is allowed.
        """
        return validate(cls, read_toml(path, DatasetError), where=str(path), error=DatasetError)
