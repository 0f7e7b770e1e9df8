"""A round: one device goes from hand to hand, and everybody weighs unseen by the others.

A `Round` is all that the session knows of it. What people have said lies in `said` and is shown to
nobody until the round is ended; `draft` is what the one who has the device is about to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from layers.errors import RecipeError
from layers.recipe import MOST_MEMBERS, Recipe
from layers.seen import seen
from layers.study.group import layer_shares
from views.group.voices import Voice

if TYPE_CHECKING:
    from layers.catalogue import Direction, Indicator
    from layers.dataset import Dataset

__all__ = ["Round"]

Value = TypeVar("Value")


@dataclass(frozen=True)
class Round:
    """Where a round stands.

    Attributes
    ----------
    start : Recipe
        Where everybody begins: weights, directions and lens; selection and method of the page.
    said : tuple of Voice
        Of all who are done.
    draft : Recipe or None
        Of the one whose turn it is; None while the device is handed on.
    paused : bool
        Whether a turn was interrupted, so that nothing of it may be in sight.
    asking : str
        What has to be confirmed: "end" or "drop"; empty for nothing.
    """

    start: Recipe
    said: tuple[Voice, ...] = ()
    draft: Recipe | None = None
    paused: bool = False
    asking: Literal["", "end", "drop"] = ""

    @property
    def number(self) -> int:
        """Number of the one whose turn it is, or will be."""
        return len(self.said) + 1

    @property
    def full(self) -> bool:
        """Whether nobody can be added any more."""
        return len(self.said) >= MOST_MEMBERS

    def begun(self) -> Round:
        """Let the next one begin, from the start."""
        return replace(self, draft=self.start, paused=False, asking="")

    def left(self) -> Round:
        """Give the turn back without an entry."""
        return replace(self, draft=None, paused=False)

    def covered(self) -> Round:
        """Put a turn that was interrupted out of sight."""
        return replace(self, paused=self.draft is not None, asking="")

    def resumed(self) -> Round:
        """Go on with an interrupted turn."""
        return replace(self, paused=False)

    def asked(self, what: Literal["", "end", "drop"]) -> Round:
        """Ask for a confirmation, or no more."""
        return replace(self, asking=what)

    def weighed(self, layer: str, weight: float, usual: float) -> Round:
        """Set the weight of a layer in the draft."""
        return self._with_weight(f"layer:{layer}", weight, usual)

    def turned(self, layer: str, direction: Direction, usual: Direction) -> Round:
        """Set the direction of a layer in the draft."""
        return self._with_direction(f"layer:{layer}", direction, usual)

    def counted(self, one: Indicator, direction: Direction) -> Round:
        """Let an indicator count in the direction given, or ("0") not at all."""
        found = self._with_direction(one.id, direction, one.direction)
        key = f"indicator:{one.id}"
        if found.draft is None or found.draft.weights.get(key, one.weight) > 0:
            return found
        # It had no weight at the start; whoever lets it count gives it the usual one.
        return found._with_weight(key, one.weight or 1.0, one.weight)  # noqa: SLF001 -- its own class

    def passed_on(self, name: str, dataset: Dataset) -> Round:
        """Keep what was said and make ready for the next one.

        Parameters
        ----------
        name : str
            Empty for somebody who is not to be named and is known by the number alone.

        Raises
        ------
        RecipeError
            If nothing has a weight (code "no_weight").
        """
        if self.draft is None:
            msg = "round: nobody's turn; nothing can be handed on."
            raise RecipeError(msg)
        layer_shares(seen(dataset, self.draft).catalogue, self.draft)
        voice = Voice.named(name, self.draft)
        if not voice.recipe.name.de:
            voice = Voice.numbered(self.number, self.draft)
        return replace(self, said=(*self.said, voice), draft=None, paused=False)

    def _with_weight(self, key: str, weight: float, usual: float) -> Round:
        if self.draft is None:
            return self
        weights = _set(self.draft.weights, key, weight, usual)
        return replace(self, draft=self.draft.model_copy(update={"weights": weights}))

    def _with_direction(self, key: str, direction: Direction, usual: Direction) -> Round:
        if self.draft is None:
            return self
        directions = _set(self.draft.directions, key, direction, usual)
        return replace(self, draft=self.draft.model_copy(update={"directions": directions}))


def _set(given: dict[str, Value], key: str, value: Value, usual: Value) -> dict[str, Value]:
    """Return the choices with another one; what is as usual is not named."""
    others = {one: said for one, said in given.items() if one != key}
    return others if value == usual else others | {key: value}
