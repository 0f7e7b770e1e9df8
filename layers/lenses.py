"""Lenses: the same indicators, grouped otherwise.

A lens is a file ``lenses/<id>.toml`` of a dataset folder. Its groups take the place of the
catalogue's layers; indicators, values, units and sources stay. What no group takes is not scored
under the lens (`Lens.leaves_out`); a group without any indicator stays in sight and says what data
it would need.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from layers.catalogue import INDEX, RESERVED, Catalogue, Direction, Identifier, Layer, Text
from layers.errors import DatasetError, RecipeError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from layers.catalogue import Indicator
    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["FOLDER", "Group", "Lens", "load", "regroup", "through", "turned"]

#: Folder of the lenses in a dataset folder.
FOLDER = "lenses"
#: How ids begin of what somebody added to a dataset; see `layers.extend`.
_OWN = "own_"
#: Groups of a lens, each of which stands in sight; ours have about ten.
_MOST_GROUPS = 200
_SIGN: dict[Direction, int] = {"+": 1, "-": -1, "0": 0}
_DIRECTION: dict[int, Direction] = {sign: word for word, sign in _SIGN.items()}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Part):
    """One group of a lens, and what it takes.

    Attributes
    ----------
    layers : tuple of str
        Layers of the catalogue (with all below them) of which every indicator belongs here, those
        of one's own too, unless a group names it by itself.
    indicators : tuple of str
        Single indicators; this goes before `layers`.
    needs : Text
        Which data would be needed, if none are there.
    """

    id: Identifier
    name: Text
    description: Text = Text(de="", en="")
    rationale: Text = Text(de="", en="")
    contested: bool = False
    layers: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    needs: Text = Text(de="", en="")


class Lens(_Part):
    """A way to group the indicators of a dataset, with where it comes from."""

    id: Identifier
    name: Text
    description: Text = Text(de="", en="")
    source: Text
    groups: tuple[Group, ...] = Field(alias="group", min_length=1, max_length=_MOST_GROUPS)

    @field_validator("groups")
    @classmethod
    def _each_once(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        _once((group.id, group.id) for group in groups)
        for part in ("layers", "indicators"):
            _once((one, group.id) for group in groups for one in getattr(group, part))
        return groups

    @model_validator(mode="after")
    def _is_no_column(self) -> Lens:
        for group in self.groups:
            if group.id in RESERVED:
                msg = (
                    f"group id '{group.id}' is the name of a column of every table; choose another"
                )
                raise ValueError(msg)
        return self

    def taken(self, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
        """Return the indicators of each group, in the order of the catalogue."""
        named = {key: group.id for group in self.groups for key in group.indicators}
        by_layer = {key: group.id for group in self.groups for key in group.layers}
        home = {
            key: named.get(key) or _first(by_layer, _above(key, catalogue))
            for key in catalogue.indicator_by_id
        }
        kept: dict[str, list[str]] = {group.id: [] for group in self.groups}
        for key, place in home.items():
            if place:
                kept[place].append(key)
        return {group: tuple(keys) for group, keys in kept.items()}

    def leaves_out(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the indicators of a catalogue that are not scored under this lens."""
        grouped = regroup(catalogue, self).indicator_by_id
        return tuple(key for key in catalogue.indicator_by_id if key not in grouped)


def load(folder: Path, catalogue: Catalogue) -> dict[str, Lens]:
    """Read all lenses of a dataset folder, in file-name order; none if it has no such folder.

    Raises
    ------
    DatasetError
        If a file is damaged, is not called as its lens, or groups what the catalogue lacks.
    """
    lenses = {}
    for path in sorted((folder / FOLDER).glob("*.toml")):
        lens = validate(Lens, read_toml(path, DatasetError), where=str(path), error=DatasetError)
        _check(lens, catalogue, path)
        lenses[lens.id] = lens
    return lenses


def through(dataset: Dataset, lens: str) -> Dataset:
    """Return a dataset as seen through one of its lenses; "" is the catalogue's own grouping.

    Raises
    ------
    RecipeError
        If the dataset has no such lens; names those it has.
    """
    plain = dataset.plain
    if lens == dataset.lens:
        return dataset
    if lens == plain.lens:
        return plain
    if lens and lens not in plain.lenses:
        raise _unknown(plain, lens)
    if plain.lens:
        msg = (
            f"{dataset.reference}: is a part of what is seen through '{plain.lens}'; open it anew."
        )
        raise DatasetError(msg)
    dataset = plain
    catalogue = regroup(dataset.catalogue, dataset.lenses[lens])
    values, kept = dataset.values, catalogue.indicator_by_id
    if len(kept) < len(dataset.catalogue.indicator_by_id):
        values = values[values["indicator"].isin(kept)].reset_index(drop=True)
    return replace(dataset, catalogue=catalogue, values=values, lens=lens)


def regroup(catalogue: Catalogue, lens: Lens) -> Catalogue:
    """Return a catalogue with the groups of a lens as its layers.

    A layer of somebody's own that no group names stays as a group of its own. Indicators carry
    the direction and the doubt of the layers that they leave.
    """
    taken = lens.taken(catalogue)
    groups = [
        Layer(
            id=group.id, name=group.name, description=group.description,
            rationale=group.rationale, contested=group.contested, needs=group.needs,
            indicator=tuple(_carried(key, catalogue) for key in taken[group.id]),
        )
        for group in lens.groups
    ]  # fmt: skip
    placed = {key for keys in taken.values() for key in keys}
    own = [one for one in catalogue.layers if _is_own(one) and placed.isdisjoint(_ids(one))]
    kept = [
        one.model_copy(update={
            "parent": INDEX, "direction": "+",
            "indicators": tuple(_carried(key, catalogue) for key in _ids(one)),
        })
        for one in own
    ]  # fmt: skip
    return Catalogue(layers=(*groups, *kept))


def turned(key: str, catalogue: Catalogue, recipe: Recipe | None = None) -> int:
    """Return what the layers above an indicator make of its direction: 1, -1 or 0.

    Without a recipe, that is what the catalogue says.
    """
    sign = 1
    for one in _above(key, catalogue):
        usual = one.direction
        sign *= _SIGN[recipe.direction("layer", one.id, usual) if recipe else usual]
    return sign


def _above(key: str, catalogue: Catalogue) -> Iterator[Layer]:
    """Yield the layers above an indicator, the nearest first."""
    layer = catalogue.layer_of[key]
    while layer != INDEX:
        yield catalogue.layer_by_id[layer]
        layer = catalogue.layer_by_id[layer].parent


def _carried(key: str, catalogue: Catalogue) -> Indicator:
    """Return an indicator that stands for itself: what its layers say is folded in."""
    one = catalogue.indicator_by_id[key]
    direction = _DIRECTION[turned(key, catalogue) * _SIGN[one.direction]]
    contested = one.contested or any(above.contested for above in _above(key, catalogue))
    return one.model_copy(update={"direction": direction, "contested": contested})


def _first(groups: Mapping[str, str], layers: Iterable[Layer]) -> str:
    """Return the group of the first of some layers that any group names."""
    return next((groups[one.id] for one in layers if one.id in groups), "")


def _ids(layer: Layer) -> list[str]:
    return [one.id for one in layer.indicators]


def _is_own(layer: Layer) -> bool:
    return bool(layer.indicators) and all(one.id.startswith(_OWN) for one in layer.indicators)


def _once(pairs: Iterable[tuple[str, str]]) -> None:
    first: dict[str, str] = {}
    for key, group in pairs:
        if key in first:
            msg = f"'{key}' stands in group '{first[key]}' and again in '{group}'; once is allowed"
            raise ValueError(msg)
        first[key] = group


def _check(lens: Lens, catalogue: Catalogue, path: Path) -> None:
    if path.stem != lens.id:
        raise DatasetError(f"{path}: id = '{lens.id}'; the file has to be called {lens.id}.toml.")
    for group in lens.groups:
        where = f"{path}: group '{group.id}'"
        if group.id in catalogue.indicator_by_id or group.id in catalogue.layer_by_id:
            msg = f"{where} has the id of a layer or indicator of the catalogue; choose another."
            raise DatasetError(msg)
        for kind, keys, known in (
            ("layer", group.layers, catalogue.layer_by_id),
            ("indicator", group.indicators, catalogue.indicator_by_id),
        ):
            if unknown := [key for key in keys if key not in known]:
                allowed = ", ".join(known)
                msg = f"{where} names the unknown {kind} '{unknown[0]}'; known: {allowed}."
                raise DatasetError(msg)
    if not any(lens.taken(catalogue).values()):
        raise DatasetError(f"{path}: no group holds an indicator; at least one has to.")


def _unknown(dataset: Dataset, lens: str) -> RecipeError:
    if dataset.lenses:
        there = f"lenses of {dataset.reference}: {', '.join(dataset.lenses)} (or none, '')"
    else:
        there = f"{dataset.reference} has no lenses; leave it out"
    return RecipeError(f"recipe: lens: there is no lens '{lens}'; {there}.", code="lens")
