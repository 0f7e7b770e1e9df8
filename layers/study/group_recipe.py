"""A group as one recipe: the people in it, with or without their names.

A group recipe is an ordinary recipe whose weights are the mean of its `members`; opened anywhere
else, it gives the numbers of the mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.catalogue import Text
from layers.errors import RecipeError
from layers.recipe import MOST_MEMBERS, GroupMember

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.recipe import Recipe

__all__ = ["as_people", "called", "members_of", "nameless", "with_wishes"]


def members_of(recipes: Iterable[Recipe]) -> tuple[GroupMember, ...]:
    """Return what recipes say as members of a group, called as they are.

    Raises
    ------
    RecipeError
        If there are more than one recipe can carry.
    """
    found = tuple(_member(one) for one in recipes)
    if len(found) > MOST_MEMBERS:
        msg = f"group: {len(found)} people; one recipe carries at most {MOST_MEMBERS}."
        raise RecipeError(msg, code="too_many")
    return found


def _member(one: Recipe) -> GroupMember:
    plain = "".join(letter for letter in one.name.de if letter.isprintable()).strip()[:80]
    return GroupMember(
        name=plain, weights=one.weights, directions=one.directions, lens=one.lens
    )  # fmt: skip


def as_people(recipe: Recipe) -> tuple[Recipe, ...]:
    """Return the people that a recipe stands for: its members, or itself if it has none.

    Each keeps the selection and the method of the recipe; somebody without a name has an empty
    one.
    """
    if not recipe.members:
        return (recipe,)
    return tuple(
        recipe.model_copy(
            update={
                "name": Text(de=one.name, en=one.name), "description": Text(de="", en=""),
                "weights": one.weights, "directions": one.directions, "lens": one.lens,
                "members": (),
            }
        )
        for one in recipe.members
    )  # fmt: skip


def with_wishes(recipe: Recipe, person: Recipe) -> Recipe:
    """Return `recipe` with what makes a person of a group: name, weights, directions, lens."""
    taken = ("name", "description", "weights", "directions", "lens")
    changes = {field: getattr(person, field) for field in taken}
    return recipe.model_copy(update=changes | {"members": ()})


def called(people: Sequence[Recipe], label: str) -> dict[str, Recipe]:
    """Give everybody a name of their own.

    Parameters
    ----------
    label : str
        What somebody without a name is called; ``{number}`` stands for the place in the list. Of
        equal names the later ones get a number behind them.
    """
    found: dict[str, Recipe] = {}
    for place, one in enumerate(people, start=1):
        plain = one.name.de or label.format(number=place)
        name, number = plain, 1
        while name in found:
            number += 1
            name = f"{plain} ({number})"
        found[name] = one
    return found


def nameless(members: Sequence[GroupMember]) -> tuple[GroupMember, ...]:
    """Take away the names, and with them the order in which people spoke.

    Rule: members stand in the order of their lenses, weights and directions, each written out by
    key. Whoever knows the list knows no more than what it says.
    """
    without = (one.model_copy(update={"name": ""}) for one in members)
    return tuple(sorted(without, key=_said))


def _said(one: GroupMember) -> tuple[str, list[tuple[str, float]], list[tuple[str, str]]]:
    return one.lens, sorted(one.weights.items()), sorted(one.directions.items())
