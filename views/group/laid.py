"""The weightings of the page computed: laid over each other, and each beside the others.

What was computed last is kept in the session and nowhere else, since it holds what people said.
Scores of single people are not kept, so that a large group takes no more room than a small one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from layers import score
from layers.errors import PotenzialatlasError
from layers.study.group import group
from layers.study.group_recipe import with_wishes
from layers.study.persons import persons
from views import store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from layers import Dataset, Recipe, Scores
    from layers.study.group import Group
    from layers.study.persons import Persons

__all__ = ["Laid", "each_person", "forget", "lay_over", "pairs"]

Result = TypeVar("Result")

#: Session keys of the two results.
_LAID, _EACH = "weightings.laid", "weightings.each"
#: Fewest people who can be compared.
_SEVERAL = 2


@dataclass(frozen=True)
class Laid:
    """Several weightings laid over each other.

    Attributes
    ----------
    people : dict
        Name -> recipe of everybody whose weights give scores, with the page's selection and method.
    refused : dict
        Name -> why not, of all others.
    group : Group or None
        None if fewer than two are left.
    scores : Scores or None
        Of the first: names, years and selection, which are the same for all.
    """

    people: dict[str, Recipe] = field(default_factory=dict)
    refused: dict[str, PotenzialatlasError] = field(default_factory=dict)
    group: Group | None = None
    scores: Scores | None = None


def lay_over(recipe: Recipe, named: Mapping[str, Recipe]) -> Laid:
    """Score everybody with the selection and method of `recipe` and compare in its grouping."""
    return _kept(_LAID, _key(recipe, named), lambda: _lay_over(recipe, named))


def each_person(recipe: Recipe, laid: Laid) -> Persons:
    """Set everybody beside the others; the group must be there."""
    return _kept(_EACH, _key(recipe, laid.people), lambda: _each_person(recipe, laid))


def forget() -> None:
    """Give up what was computed."""
    for place in (_LAID, _EACH):
        st.session_state.pop(place, None)


def pairs(people: Mapping[str, Recipe], dataset: Dataset) -> Iterator[tuple[str, Scores]]:
    """Score one after the other; files are made where no session can be asked for the dataset."""
    for name, one in people.items():
        yield name, score(dataset, one)


def _key(recipe: Recipe, named: Mapping[str, Recipe]) -> str:
    plain = recipe.model_copy(update={"members": (), "weights": {}, "directions": {}})
    parts = (f"{name}\n{one.to_toml()}" for name, one in named.items())
    return "\n\n".join([str(store.folder()), store.dataset().reference, plain.to_toml(), *parts])


def _kept(place: str, key: str, make: Callable[[], Result]) -> Result:
    """Return what was computed last, or compute it if it was for something else."""
    session = st.session_state
    if place not in session or session[place][0] != key:
        session[place] = (key, make())
    result: Result = session[place][1]
    return result


def _lay_over(recipe: Recipe, named: Mapping[str, Recipe]) -> Laid:
    laid = Laid()
    scores: list[Scores] = []

    def sound() -> Iterator[tuple[str, Scores]]:
        for name, person in named.items():
            one = with_wishes(recipe, person)
            try:
                found = score(store.dataset(), one)
            except PotenzialatlasError as error:
                laid.refused[name] = error
                continue
            laid.people[name] = one
            if not scores:
                scores.append(found)
            yield name, found

    try:
        together = group(sound(), lens=recipe.lens)
    except PotenzialatlasError:
        if len(laid.people) >= _SEVERAL:
            raise
        return laid
    return Laid(laid.people, laid.refused, together, scores[0])


def _each_person(recipe: Recipe, laid: Laid) -> Persons:
    if laid.group is None:
        msg = "each person: fewer than two people are left."
        raise PotenzialatlasError(msg)
    return persons(store.dataset(), recipe, laid.group)
