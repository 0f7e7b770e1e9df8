"""The recipe: every choice of one scoring run, as TOML, as URL query and as one frozen object.

The same recipe on the same dataset version gives the same numbers everywhere. The formats are a
contract (README); the query form carries the same fields in short form and leaves defaults out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tomli_w
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from layers.catalogue import Direction, Text
from layers.errors import RecipeError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from layers.catalogue import Catalogue

__all__ = ["Aggregate", "Normalise", "Range", "Recipe", "Reference"]

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Weight = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ID = "[a-z][a-z0-9_]*"
WeightKey = Annotated[str, Field(pattern=f"^(layer|indicator):{_ID}$")]
DirectionKey = Annotated[str, Field(pattern=f"^(layer:)?{_ID}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Part):
    """Regions whose attribute lies in a closed interval; an open end is None."""

    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Range:
        if self.min is None and self.max is None:
            msg = "a range needs min, max or both"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"min {self.min:g} is above max {self.max:g}"
            raise ValueError(msg)
        return self


def _kind_of_condition(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return "list"
    return "range" if isinstance(value, Range | Mapping) else None


def _finite(value: str | float) -> str | float:
    if isinstance(value, float) and not math.isfinite(value):
        msg = "a finite number is needed"
        raise ValueError(msg)
    return value


Item = Annotated[str | int | float | bool, AfterValidator(_finite)]
Condition = Annotated[
    Annotated[Range, Tag("range")] | Annotated[list[Item], Field(min_length=1), Tag("list")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="condition",
        custom_error_message="a list of values or a table with min, max or both is needed",
    ),
]


class Reference(_Part):
    """The regions against which values are normalised, ranked and classed."""

    set: Literal["all", "filtered"] = "all"


class Normalise(_Part):
    """How indicators become comparable; see `layers.normalise` for the formulas.

    ``range`` is used by minmax and percentile, ``mean`` and ``sd`` by zscore. ``constant`` says
    what happens to an indicator without any spread: an error, or it is left out with a warning.
    """

    method: Literal["minmax", "zscore", "rank", "percentile"] = "minmax"
    range: tuple[Number, Number] = (0.0, 100.0)
    mean: Number = 0.0
    sd: Annotated[Number, Field(gt=0)] = 1.0
    constant: Literal["error", "drop"] = "error"

    @model_validator(mode="after")
    def _range_rises(self) -> Normalise:
        if not self.range[0] < self.range[1]:
            msg = f"range must rise, got {list(self.range)}"
            raise ValueError(msg)
        return self


class Aggregate(_Part):
    """How values are combined up the tree; see `layers.aggregate` for the formulas."""

    method: Literal["arithmetic", "geometric"] = "arithmetic"
    min_coverage: Annotated[Number, Field(ge=0, le=1)] = 0.66


class Recipe(_Part):
    """Every choice of one scoring run.

    Attributes
    ----------
    name, description : Text
        For people; no effect on any number.
    dataset : str
        ``id@version`` the recipe was made for; another version is a warning.
    year : "latest" or int
        Newest value of each indicator, not after that year.
    filter : dict
        Attribute column of the regions table -> allowed values or `Range`.
    weights : dict
        ``layer:ID`` or ``indicator:ID`` -> non-negative weight; only ratios within one parent
        matter. What is not named keeps the catalogue's weight.
    directions : dict
        ``ID`` of an indicator or ``layer:ID`` -> "+", "-" or "0". A layer's "-" turns all
        indicators below it, "0" leaves it out.
    ties : "min" or "average"
        Rank of regions with equal scores: the best of the places they share, or their mean.
    """

    name: Text = Text(de="Gleich gewichtet", en="Equal weights")
    description: Text = Text(de="", en="")
    dataset: str = ""
    year: Literal["latest"] | int = "latest"
    filter: dict[str, Condition] = {}
    reference: Reference = Reference()
    normalise: Normalise = Normalise()
    aggregate: Aggregate = Aggregate()
    weights: dict[WeightKey, Weight] = {}
    directions: dict[DirectionKey, Direction] = {}
    ties: Literal["min", "average"] = "min"

    @field_validator("year", mode="before")
    @classmethod
    def _is_a_year(cls, value: Any) -> Any:
        if value == "latest" or (type(value) is int and _FIRST_YEAR <= value <= _LAST_YEAR):
            return value
        msg = f"'latest' or a year from {_FIRST_YEAR} to {_LAST_YEAR} is needed"
        raise ValueError(msg)

    @field_validator("directions", mode="before")
    @classmethod
    def _plain_names(cls, value: Any) -> Any:
        """Accept ``indicator:ID`` for ``ID``."""
        if not isinstance(value, Mapping):
            return value
        return {str(key).removeprefix("indicator:"): sign for key, sign in value.items()}

    @classmethod
    def load(cls, path: str | Path) -> Recipe:
        """Read a recipe file (TOML).

        Raises
        ------
        RecipeError
            With the key at fault and what is allowed.
        """
        return cls.parse(read_toml(Path(path), RecipeError), where=str(path))

    @classmethod
    def parse(cls, content: Mapping[str, Any], *, where: str = "recipe") -> Recipe:
        """Build a recipe from nested dictionaries as read from TOML."""
        return validate(cls, content, where=where, error=RecipeError)

    @property
    def year_limit(self) -> int | None:
        """The year as a number, None for the newest."""
        return None if self.year == "latest" else self.year

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values of everything that differs from the defaults, plus the name."""
        content = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return {"name": self.name.model_dump()} | content

    def to_toml(self) -> str:
        """Return the recipe file as text; `Recipe.load` reads it back unchanged."""
        return tomli_w.dumps(self.to_dict())

    def weight(self, kind: Literal["layer", "indicator"], key: str, default: float) -> float:
        """Weight of a layer or indicator: the recipe's, else the catalogue's `default`."""
        return self.weights.get(f"{kind}:{key}", default)

    def direction(
        self, kind: Literal["layer", "indicator"], key: str, default: Direction
    ) -> Direction:
        """Direction of a layer or indicator: the recipe's, else the catalogue's `default`."""
        return self.directions.get(f"layer:{key}" if kind == "layer" else key, default)

    def check(self, catalogue: Catalogue) -> None:
        """Raise RecipeError if a weight or direction names something the catalogue lacks."""
        layers = [f"layer:{key}" for key in catalogue.layer_by_id]
        indicators = list(catalogue.indicator_by_id)
        allowed = layers + [f"indicator:{key}" for key in indicators]
        _check_keys("weights", self.weights, allowed)
        _check_keys("directions", self.directions, layers + indicators)


def _check_keys(part: str, given: Mapping[str, Any], allowed: list[str]) -> None:
    for key in given:
        if key not in allowed:
            msg = f"recipe: unknown key '{key}' in [{part}]; allowed: {', '.join(allowed)}."
            raise RecipeError(msg)
