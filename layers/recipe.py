"""The recipe: every choice of one scoring run, as TOML, as URL query and as one frozen object.

The same recipe on the same dataset version gives the same numbers everywhere. The formats are a
contract (docs/pages/reference); the query form carries the same fields in short form and leaves
defaults out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import tomli_w
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from layers.catalogue import Direction, Text
from layers.errors import RecipeError
from layers.methods.outliers import Method as Treatment
from layers.methods.outliers import Rule
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from layers.catalogue import Catalogue

__all__ = [
    "MOST_MEMBERS", "Aggregate", "Combine", "CombineChange", "Denominate", "GroupMember", "Impute",
    "ImputeChange", "Kinds", "Normalise", "Range", "Recipe", "Reference", "Screen", "Treat",
    "TreatChange",
]  # fmt: skip

#: As far out as values may lie: squares and ranges of them stay floating-point numbers.
Number = Annotated[float, Field(strict=True, ge=-1e100, le=1e100, allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1)]
#: Smaller ones keep too few digits to divide by.
Positive = Annotated[Number, Field(ge=1e-100)]
NotNegative = Annotated[Number, Field(ge=0)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=10**9)]
Counted = Annotated[int, Field(strict=True, ge=1, lt=10**9)]
#: Beyond these a power mean is the largest or smallest value, and its terms grow too large.
Power = Annotated[Number, Field(ge=-50, le=50)]
Weight = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
Pair = tuple[Number, Number]
Name = Annotated[str, Field(min_length=1)]
OrderWeights = Annotated[tuple[NotNegative, ...], Field(min_length=1)]
MeanName = Literal[
    "arithmetic", "geometric", "harmonic", "power", "median", "owa", "mpi", "copeland", "bod"
]
ImputeName = Literal[
    "none", "median", "mean", "group_median", "group_mean", "layer_mean", "knn", "previous_year"
]
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_WHOLE = 2**63
_ID = "[a-z][a-z0-9_]*"
Identifier = Annotated[str, Field(pattern=f"^{_ID}$")]
#: Bounds of kinds of place: inhabitants, and percent or points per year.
People = Annotated[Number, Field(ge=1, le=1e9)]
Change = Annotated[Number, Field(ge=-100, le=100)]
Year = Annotated[int, Field(strict=True, ge=_FIRST_YEAR, le=_LAST_YEAR)]
LevelKey = Annotated[str, Field(pattern="^(index|[1-9])$")]
WeightKey = Annotated[str, Field(pattern=f"^(layer|indicator):{_ID}$")]
DirectionKey = Annotated[str, Field(pattern=f"^(layer:)?{_ID}$")]
LensKey = Annotated[str, Field(pattern=f"^({_ID})?$", max_length=60)]
#: People that one recipe may carry.
MOST_MEMBERS = 200
#: Characters of what a recipe says about itself.
_LONGEST_NAME, _LONGEST_DESCRIPTION = 200, 10_000
#: Values of one condition: every municipality of Germany, by name.
_MOST_VALUES = 20_000


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    if not ends[0] < ends[1]:
        msg = f"the first of two bounds has to be below the second, got {list(ends)}"
        raise ValueError(msg)
    return ends


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _telling(changes: dict[str, Any]) -> dict[str, Any]:
    """Leave out changes that change nothing: links have no form for them."""
    return {key: one for key, one in changes.items() if any(v is not None for _, v in one)}


def _plain_keys(value: Any) -> Any:
    """Accept ``indicator:ID`` for ``ID``."""
    if not isinstance(value, Mapping):
        return value
    return {str(key).removeprefix("indicator:"): sign for key, sign in value.items()}


def _plain_line(name: str) -> str:
    if not name.isprintable():
        msg = "plain text of one line is needed"
        raise ValueError(msg)
    return name.strip()


Chosen = TypeVar("Chosen", bound=_Part)


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


def _storable(value: str | float) -> str | float:
    """Refuse numbers that a recipe file could not give back."""
    if isinstance(value, str):
        return value
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= _WHOLE):
        msg = "a finite number is needed, a whole one of at most 64 bits"
        raise ValueError(msg)
    return value


Item = Annotated[str | int | float | bool, AfterValidator(_storable)]
Condition = Annotated[
    Annotated[Range, Tag("range")]
    | Annotated[list[Item], Field(min_length=1, max_length=_MOST_VALUES), Tag("list")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="condition",
        custom_error_message="a list of values or a table with min, max or both is needed",
    ),
]


class Kinds(_Part):
    """How regions are sorted into kinds of place; see `layers.kinds`.

    Attributes
    ----------
    size : (float, float)
        Population from which a place is medium, and from which it is large.
    economy : str
        Series of the economy: "gdp" (GDP per head times population), or an indicator.
    first, last : int
        Ends of the period; where a series has no value that year, the next one inside.
    economy_bounds, population_bounds : (float, float)
        Yearly change up to which a place counts as shrinking, and from which as growing.
    yardstick : "national" or "none"
        Whether the economy is held against that of all regions together.
    trend : "ends" or "line"
        Change between first and last year, or slope of a line through all years.
    """

    size: Annotated[tuple[People, People], AfterValidator(_rising)] = (100_000.0, 250_000.0)
    economy: Identifier = "gdp"
    first: Year = 2011
    last: Year = 2021
    economy_bounds: Annotated[tuple[Change, Change], AfterValidator(_rising)] = (-0.5, 0.5)
    population_bounds: Annotated[tuple[Change, Change], AfterValidator(_rising)] = (-0.25, 0.25)
    yardstick: Literal["national", "none"] = "national"
    trend: Literal["ends", "line"] = "ends"

    @model_validator(mode="after")
    def _is_a_period(self) -> Kinds:
        if self.first >= self.last:
            msg = f"first = {self.first} has to be before last = {self.last}"
            raise ValueError(msg)
        return self


class Reference(_Part):
    """The regions against which values are normalised, ranked and classed."""

    set: Literal["all", "filtered"] = "all"


class Denominate(_Part):
    """Turn a count into a rate ``scale x / d`` by an attribute of the regions or an indicator."""

    by: Name
    scale: Positive = 1.0


class Screen(_Part):
    """Which regions have enough data to take part at all; see `layers.screen.screen`.

    ``minimum`` is the least share of the scored indicators with a value, ``non_zero`` the least
    share of those values that are not 0; ``always`` and ``never`` name regions.
    """

    minimum: Share = 0.0
    non_zero: Share = 0.0
    always: tuple[Name, ...] = ()
    never: tuple[Name, ...] = ()


class ImputeChange(_Part):
    """How one indicator differs from [impute]; what is left out is as there."""

    method: ImputeName | None = None
    by: str | None = None
    neighbours: Counted | None = None
    max_age: Counted | None = None


class Impute(_Part):
    """How gaps are filled; see `layers.impute`.

    ``by`` is an attribute column for the group methods, ``neighbours`` for knn, ``max_age`` in
    years for previous_year.
    """

    method: ImputeName = "none"
    by: str = ""
    neighbours: Counted = 5
    max_age: Counted = 5
    indicators: Annotated[dict[Identifier, ImputeChange], AfterValidator(_telling)] = {}

    @model_validator(mode="after")
    def _groups_are_named(self) -> Impute:
        for one in (self, *(self.of(key) for key in self.indicators)):
            if one.method.startswith("group_") and not one.by:
                msg = f"method '{one.method}' needs by, an attribute column such as 'land'"
                raise ValueError(msg)
        return self

    def of(self, indicator: str) -> Impute:
        """Return the choice for one indicator."""
        one = _changed(self, self.indicators.get(indicator))
        return one.model_copy(update={"indicators": {}})

    @property
    def active(self) -> bool:
        """Whether any gap may be filled."""
        return any(self.of(key).method != "none" for key in ("", *self.indicators))


class TreatChange(_Part):
    """How one indicator differs from [treat]; what is left out is as there."""

    method: Treatment | None = None
    skew: NotNegative | None = None
    kurtosis: Number | None = None
    max: Whole | None = None
    always: bool | None = None


class Treat(_Part):
    """How outliers are treated; see `layers.methods.outliers.Rule`."""

    method: Treatment = "none"
    skew: NotNegative = 2.0
    kurtosis: Number = 3.5
    max: Whole = 5
    always: bool = False
    indicators: Annotated[dict[Identifier, TreatChange], AfterValidator(_telling)] = {}

    @model_validator(mode="after")
    def _rules_make_sense(self) -> Treat:
        for key in ("", *self.indicators):
            self.rule(key)
        return self

    def rule(self, indicator: str = "") -> Rule:
        """Return the rule for one indicator."""
        one = _changed(self, self.indicators.get(indicator))
        return Rule(one.method, one.skew, one.kurtosis, one.max, one.always)

    @property
    def active(self) -> bool:
        """Whether any indicator may be treated."""
        return any(self.rule(key).method != "none" for key in ("", *self.indicators))


#: Methods whose scale is a range even if none is given.
_BOUNDED = ("minmax", "percentile", "goalposts", "distance_to_max", "distance_to_target")
_USUAL: tuple[float, float] = (0.0, 100.0)


class Normalise(_Part):
    """How indicators become comparable; see `layers.normalise` for the formulas.

    Attributes
    ----------
    range : (float, float), optional
        Ends of the scale; for a method without ends of its own (zscore, rank, borda, robust) what
        the worst and the best of the reference set get (less far out where several share that
        place). Not given: 0 to 100 for minmax, percentile, goalposts and the distances, and the
        method's own scale for the others.
    mean, sd : float
        For zscore and robust.
    truncate : bool
        For goalposts and distance_to_target: nothing beyond the ends.
    goalposts, targets : dict
        Indicator -> low and high post, or target, in the indicator's unit.
    constant : "error" or "drop"
        What happens to an indicator without any spread: an error, or left out with a warning.
    """

    method: Literal[
        "minmax", "zscore", "rank", "percentile", "borda", "goalposts", "distance_to_max",
        "distance_to_target", "robust",
    ] = "minmax"  # fmt: skip
    range: Pair | None = None
    mean: Number = 0.0
    sd: Positive = 1.0
    truncate: bool = True
    constant: Literal["error", "drop"] = "error"
    goalposts: dict[Identifier, Pair] = {}
    targets: dict[Identifier, Number] = {}

    @model_validator(mode="after")
    def _ranges_rise(self) -> Normalise:
        if self.range is not None and not self.range[0] < self.range[1]:
            msg = f"range must rise, got {list(self.range)}"
            raise ValueError(msg)
        for key, (low, high) in self.goalposts.items():
            if not low < high:
                msg = f"goalposts of '{key}' must rise, got {[low, high]}"
                raise ValueError(msg)
        return self

    @property
    def ends(self) -> tuple[float, float] | None:
        """Worst and best end of the scale; None where the method has none and none is given."""
        return self.range or (_USUAL if self.method in _BOUNDED else None)

    @property
    def needs_spread(self) -> bool:
        """Whether an indicator must differ between regions to be placed on the scale."""
        return self.method != "goalposts"


class CombineChange(_Part):
    """How a level or layer differs from [aggregate]; what is left out is as there."""

    method: MeanName | None = None
    min_coverage: Share | None = None
    p: Power | None = None
    order_weights: OrderWeights | None = None
    penalty: Literal["-", "+"] | None = None
    spread: NotNegative | None = None


class Combine(_Part):
    """How the members of one node of the tree are combined; see `layers.methods.means`.

    ``p`` is for power, ``order_weights`` for owa (best value first), ``penalty`` for mpi,
    ``spread`` for bod.
    """

    method: MeanName = "arithmetic"
    min_coverage: Share = 0.66
    p: Power | None = None
    order_weights: OrderWeights | None = None
    penalty: Literal["-", "+"] = "-"
    spread: NotNegative | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Further arguments of the method of that name in `layers.methods.means`."""
        match self.method:
            case "power":
                return {"p": self.p}
            case "owa":
                return {"order_weights": self.order_weights}
            case "mpi":
                return {"penalty": self.penalty}
            case "bod":
                return {"spread": self.spread}
        return {}


class Aggregate(Combine):
    """How values are combined up the tree, with other ways for single levels and layers.

    Attributes
    ----------
    levels : dict
        "index", or the depth of a layer from 1 (directly below the index) -> what differs there.
    layers : dict
        Layer -> what differs there; wins over its level.
    """

    levels: Annotated[dict[LevelKey, CombineChange], AfterValidator(_telling)] = {}
    layers: Annotated[dict[Identifier, CombineChange], AfterValidator(_telling)] = {}

    @model_validator(mode="after")
    def _options_are_given(self) -> Aggregate:
        for layer in ("", *self.layers):
            for level in ("", *self.levels):
                _require_options(self._with(level, layer))
        return self

    def at(self, node: str, depth: int) -> Combine:
        """Return the choice for one node of the tree: a layer, or the index ("", depth 0)."""
        return self._with(str(depth) if depth else "index", node)

    def _with(self, level: str, layer: str) -> Combine:
        return _changed(_changed(self, self.levels.get(level)), self.layers.get(layer))


def _require_options(one: Combine) -> None:
    if one.method == "power" and one.p is None:
        msg = "method 'power' needs p; 1 is the arithmetic, 0 the geometric, -1 the harmonic mean"
        raise ValueError(msg)
    if one.method == "owa" and not any(one.order_weights or ()):
        msg = "method 'owa' needs order_weights for the best value first, such as [1, 2, 3]"
        raise ValueError(msg)


def _changed(base: Chosen, change: _Part | None) -> Chosen:
    """Return `base` with whatever `change` gives."""
    if change is None:
        return base
    given = {key: value for key, value in change if value is not None}
    return base.model_copy(update=given)


class GroupMember(_Part):
    """One person of a group: what this person weighs how, and reads in which direction.

    Attributes
    ----------
    name : str
        Plain text of one line; empty for somebody who is not to be named.
    weights, directions : dict
        As in `Recipe`.
    lens : str
        Grouping of the indicators under which the person set the weights.
    """

    name: Annotated[str, Field(max_length=80), AfterValidator(_plain_line)] = ""
    weights: dict[WeightKey, Weight] = {}
    directions: Annotated[dict[DirectionKey, Direction], BeforeValidator(_plain_keys)] = {}
    lens: LensKey = ""


class Recipe(_Part):
    """Every choice of one scoring run.

    Attributes
    ----------
    name, description : Text
        For people; no effect on any number.
    dataset : str
        ``id@version`` the recipe was made for; another version is a warning.
    lens : str
        How the indicators are grouped: the id of a lens of the dataset, "" for its own layers.
        Layers that the recipe names are those of the lens.
    year : "latest" or int
        Newest value of each indicator, not after that year.
    filter : dict
        Attribute column of the regions table -> allowed values or `Range`.
    kinds : Kinds
        How the columns ``kind_size``, ``kind_economy``, ``kind_population`` and
        ``kind_of_place`` of the regions come about, which filters can use.
    denominate : dict
        Indicator -> what it is divided by.
    screen, impute, treat, normalise, aggregate
        Choices of the stages in their order.
    weights : dict
        ``layer:ID`` or ``indicator:ID`` -> non-negative weight; only ratios within one parent
        matter. What is not named keeps the catalogue's weight.
    directions : dict
        ``ID`` of an indicator or ``layer:ID`` -> "+", "-" or "0". A layer's "-" turns all
        indicators below it, "0" leaves it out.
    ties : "min" or "average"
        Rank of regions with equal scores: the best of the places they share, or their mean.
    members : tuple of GroupMember
        The people whose mean the weights are, if the recipe stands for a group; no effect on any
        number, and no part of links.
    """

    name: Text = Text(de="Gleich gewichtet", en="Equal weights")
    description: Text = Text(de="", en="")
    dataset: str = ""
    lens: LensKey = ""
    year: Literal["latest"] | int = "latest"
    filter: dict[str, Condition] = {}
    kinds: Kinds = Kinds()
    reference: Reference = Reference()
    denominate: dict[Identifier, Denominate] = {}
    screen: Screen = Screen()
    impute: Impute = Impute()
    treat: Treat = Treat()
    normalise: Normalise = Normalise()
    aggregate: Aggregate = Aggregate()
    weights: dict[WeightKey, Weight] = {}
    directions: Annotated[dict[DirectionKey, Direction], BeforeValidator(_plain_keys)] = {}
    ties: Literal["min", "average"] = "min"
    members: Annotated[tuple[GroupMember, ...], Field(max_length=MOST_MEMBERS)] = ()

    @field_validator("name", "description")
    @classmethod
    def _is_no_book(cls, text: Text, info: ValidationInfo) -> Text:
        longest = _LONGEST_NAME if info.field_name == "name" else _LONGEST_DESCRIPTION
        if max(len(text.de), len(text.en)) > longest:
            msg = f"up to {longest:,} characters are allowed"
            raise ValueError(msg)
        return text

    @field_validator("year", mode="before")
    @classmethod
    def _is_a_year(cls, value: Any) -> Any:
        if value == "latest" or (type(value) is int and _FIRST_YEAR <= value <= _LAST_YEAR):
            return value
        msg = f"'latest' or a year from {_FIRST_YEAR} to {_LAST_YEAR} is needed"
        raise ValueError(msg)

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
        """Raise RecipeError if anything is chosen for something that the catalogue lacks."""
        layers = [f"layer:{key}" for key in catalogue.layer_by_id]
        indicators = list(catalogue.indicator_by_id)
        allowed = layers + [f"indicator:{key}" for key in indicators]
        _check_keys("weights", self.weights, allowed)
        _check_keys("directions", self.directions, layers + indicators)
        _check_keys("denominate", self.denominate, indicators)
        _check_keys("impute.indicators", self.impute.indicators, indicators)
        _check_keys("treat.indicators", self.treat.indicators, indicators)
        _check_keys("normalise.goalposts", self.normalise.goalposts, indicators)
        _check_keys("normalise.targets", self.normalise.targets, indicators)
        _check_keys("aggregate.layers", self.aggregate.layers, list(catalogue.layer_by_id))
        depth = max((catalogue.depth(layer) for layer in catalogue.layer_by_id), default=0)
        levels = ["index", *map(str, range(1, depth + 1))]
        _check_keys("aggregate.levels", self.aggregate.levels, levels)


def _check_keys(part: str, given: Mapping[str, Any], allowed: list[str]) -> None:
    for key in given:
        if key not in allowed:
            msg = f"recipe: unknown key '{key}' in [{part}]; allowed: {', '.join(allowed)}."
            raise RecipeError(msg)
