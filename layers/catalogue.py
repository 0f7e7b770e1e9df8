"""Indicator and layer definitions: TOML files -> frozen models -> one tree.

A catalogue is a forest of layers below one index. A layer holds further layers or indicators or
both, to any depth. Nothing here knows about values; see `layers.dataset`.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from layers.errors import DatasetError
from layers.plain import harmless
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["INDEX", "Catalogue", "Direction", "Indicator", "Layer", "Text"]

#: Key of the root of the tree: the index itself.
INDEX = ""

#: "+" more means more potential, "-" less, "0" shown but not scored.
Direction = Literal["+", "-", "0"]

#: Columns of every table beside those named after indicators and layers.
RESERVED = frozenset({"region", "name", "index", "geometry"})

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
#: As far out as values may lie: squares and ranges of them stay floating-point numbers.
_End = Annotated[float, Field(ge=-1e100, le=1e100, allow_inf_nan=False)]
#: Layers below layers: whoever reads a tree cannot follow deeper ones.
_DEEPEST = 12


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """The same words in German and English; a plain string stands for both.

    Signs that do harm unseen are left out (`layers.plain.harmless`), whoever wrote the words.
    """

    de: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _both(cls, value: Any) -> Any:
        return {"de": value, "en": value} if isinstance(value, str) else value

    @field_validator("de", "en")
    @classmethod
    def _does_no_harm(cls, text: str) -> str:
        return harmless(text)

    def __getitem__(self, language: str) -> str:
        """Return the text in `language`, "de" or "en"."""
        return self.de if language == "de" else self.en


_NOTHING = Text(de="", en="")


class Indicator(_Frozen):
    """One measured quantity per region and year.

    Attributes
    ----------
    scale : (float, float), optional
        Fixed ends of the indicator's own scale, such as 0 and 4 of a rating: it is normalised by
        these and not by the values, which need no spread.
    """

    id: Identifier
    name: Text
    definition: Text = _NOTHING
    unit: Text = _NOTHING
    decimals: int = Field(default=1, ge=0, le=6)
    direction: Direction
    rationale: Text = _NOTHING
    contested: bool = False
    weight: Weight = 1.0
    source: str
    source_code: str = ""
    scale: tuple[_End, _End] | None = None

    @field_validator("scale")
    @classmethod
    def _rises(cls, scale: tuple[float, float] | None) -> tuple[float, float] | None:
        if scale is not None and scale[0] >= scale[1]:
            msg = "the lower end comes first, such as [0, 4]"
            raise ValueError(msg)
        return scale


class Layer(_Frozen):
    """A group of indicators (or of further layers) that is aggregated to one value.

    One without indicators is shown and never scored; `needs` says which data it would take.

    Attributes
    ----------
    optional : bool
        Whether values are expected of some regions only, as of a self-assessment. Where there are
        none, nothing is missing: the region is neither screened out nor imputed, and it keeps its
        score on what it has, whatever the weight of this layer.
    """

    id: Identifier
    parent: str = INDEX
    name: Text
    description: Text = _NOTHING
    direction: Direction = "+"
    rationale: Text = _NOTHING
    contested: bool = False
    weight: Weight = 1.0
    needs: Text = _NOTHING
    optional: bool = False
    indicators: tuple[Indicator, ...] = Field(default=(), alias="indicator")


class Catalogue(_Frozen):
    """All layers of a dataset, in display order.

    Attributes
    ----------
    layers : tuple of Layer
        In the order of their files; parents need not come before their children.
    """

    layers: tuple[Layer, ...]

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read every ``*.toml`` of `folder`, in file-name order, one layer each.

        Raises
        ------
        DatasetError
            If there is no file, a file is broken, an id occurs twice or a parent is unknown.
        """
        files = sorted(folder.glob("*.toml"))
        if not files:
            msg = f"{folder}: no catalogue files (*.toml), at least one layer is needed."
            raise DatasetError(msg)
        layers = tuple(_layer(path) for path in files)
        return validate(cls, {"layers": layers}, where=str(folder), error=DatasetError)

    @model_validator(mode="after")
    def _is_a_tree(self) -> Catalogue:
        for kind, ids in (
            ("layer", [layer.id for layer in self.layers]),
            ("indicator", [one.id for layer in self.layers for one in layer.indicators]),
        ):
            _unique(ids, kind)
            _unreserved(ids, kind)
        known = {layer.id: layer.parent for layer in self.layers}
        for layer in self.layers:
            _check_ancestry(layer.id, known)
            if layer.optional and layer.parent != INDEX:
                msg = f"layer '{layer.id}' is optional; only one directly below the index may be"
                raise ValueError(msg)
        return self

    @cached_property
    def layer_by_id(self) -> dict[str, Layer]:
        """Layers by id."""
        return {layer.id: layer for layer in self.layers}

    @cached_property
    def indicator_by_id(self) -> dict[str, Indicator]:
        """Indicators by id, in display order."""
        return {one.id: one for layer in self.layers for one in layer.indicators}

    @cached_property
    def layer_of(self) -> dict[str, str]:
        """Layer id of each indicator."""
        return {one.id: layer.id for layer in self.layers for one in layer.indicators}

    def sublayers(self, parent: str = INDEX) -> tuple[Layer, ...]:
        """Layers directly below `parent`; below the index by default."""
        return self._sublayers.get(parent, ())

    @cached_property
    def _sublayers(self) -> dict[str, tuple[Layer, ...]]:
        """Layers by the one above them."""
        parents = dict.fromkeys(layer.parent for layer in self.layers)
        return {
            parent: tuple(layer for layer in self.layers if layer.parent == parent)
            for parent in parents
        }

    def below(self, layer: str) -> tuple[Indicator, ...]:
        """Return the indicators of a layer and of all layers below it."""
        deeper = (one for sub in self.sublayers(layer) for one in self.below(sub.id))
        return (*self.layer_by_id[layer].indicators, *deeper)

    def depth(self, layer: str) -> int:
        """Levels between `layer` and the index: 1 directly below it, 0 for the index itself."""
        return 0 if layer == INDEX else 1 + self.depth(self.layer_by_id[layer].parent)

    def bottom_up(self) -> Iterator[str]:
        """Layer ids, each after all layers below it; the index (``""``) comes last."""
        yield from self._below(INDEX)
        yield INDEX

    def _below(self, parent: str) -> Iterator[str]:
        for layer in self.sublayers(parent):
            yield from self._below(layer.id)
            yield layer.id


def _layer(path: Path) -> Layer:
    return validate(Layer, read_toml(path, DatasetError), where=str(path), error=DatasetError)


def _unique(ids: list[str], kind: str) -> None:
    twice = sorted(one for one, times in Counter(ids).items() if times > 1)
    if twice:
        msg = f"{kind} id occurs more than once: {', '.join(twice)}"
        raise ValueError(msg)


def _unreserved(ids: list[str], kind: str) -> None:
    taken = sorted(RESERVED.intersection(ids))
    if taken:
        msg = (
            f"{kind} id '{taken[0]}' is the name of a column of every table; choose another "
            f"(reserved: {', '.join(sorted(RESERVED))})"
        )
        raise ValueError(msg)


def _check_ancestry(layer: str, parents: dict[str, str]) -> None:
    seen = [layer]
    while (parent := parents[seen[-1]]) != INDEX:
        if parent not in parents:
            allowed = ", ".join(sorted(parents))
            msg = f"layer '{seen[-1]}' has the unknown parent '{parent}'; known: {allowed}"
            raise ValueError(msg)
        if parent in seen:
            msg = f"layers are each other's parents: {' -> '.join([*seen, parent])}"
            raise ValueError(msg)
        seen.append(parent)
        if len(seen) > _DEEPEST:
            msg = f"layer '{layer}' lies more than {_DEEPEST} levels deep; put it higher"
            raise ValueError(msg)
