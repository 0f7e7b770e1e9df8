"""The set of all weightings: shares of 1, each between a lower and an upper limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Simplex"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Order = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
#: Sums of limits are compared with 1 up to this much rounding.
_ROUNDING = 1e-12
#: A share this close to its lower limit is a solver's dust.
_SPECK = 1e-10


@dataclass(frozen=True)
class Simplex:
    """All shares ``w`` with ``sum w = 1`` and ``lower <= w <= upper``, member by member.

    Attributes
    ----------
    lower, upper : array, shape (k,)
        Shares in [0, 1]; the sum of the lower ones is at most 1, that of the upper ones at least 1.
    """

    lower: Array
    upper: Array

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        lower: Mapping[str, float] | None = None,
        upper: Mapping[str, float] | None = None,
    ) -> Simplex:
        """Build the set from limits by name; without a limit a share may be anything in [0, 1].

        Raises
        ------
        RecipeError
            If a name is unknown, a limit is no share, or no weighting keeps all limits.
        """
        _check_names(names, {**(lower or {}), **(upper or {})})
        low = np.array([float((lower or {}).get(name, 0.0)) for name in names])
        high = np.array([float((upper or {}).get(name, 1.0)) for name in names])
        for name, least, most in zip(names, low, high, strict=True):
            if not 0 <= least <= most <= 1:
                msg = (
                    f"limits of '{name}': {least:g} to {most:g} is no range of shares; "
                    "0 <= lower <= upper <= 1 is needed."
                )
                raise RecipeError(msg)
        if low.sum() > 1 + _ROUNDING or high.sum() < 1 - _ROUNDING:
            msg = (
                f"limits of the weights: the lower ones add up to {low.sum():g}, the upper ones "
                f"to {high.sum():g}; shares that add up to 1 must fit between them."
            )
            raise RecipeError(msg)
        return cls(low, high)

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.lower)

    def highest(self, rows: Array) -> Array:
        """Return the maximum of ``row @ w`` over the set for each of `rows`, shape (m, k).

        Whatever the lower limits leave of 1 goes to the largest entries first, up to their limits.
        """
        order = np.argsort(-rows, axis=1, kind="stable")
        shares = self._filled(order)
        result: Array = (rows * shares).sum(axis=1)
        return result

    def lowest(self, rows: Array) -> Array:
        """Return the minimum of ``row @ w`` over the set for each of `rows`, shape (m, k)."""
        return -self.highest(-rows)

    def points(self, number: int, seed: int) -> Array:
        """Return weightings spread over the set, shape (m, k), m = k + 2 `number`.

        Corners favouring one member each, random corners, and random mixtures of the former.
        """
        generator = np.random.default_rng(seed)
        k = self.size
        favoured: Order = np.argsort(-np.eye(k), axis=1, kind="stable")
        shuffled = generator.permuted(np.tile(np.arange(k, dtype=np.intp), (number, 1)), axis=1)
        corners = self._filled(np.concatenate([favoured, shuffled]))
        mixing = generator.dirichlet(np.full(k, 1.0), number)
        return np.concatenate([corners, mixing @ corners[:k]])

    def inside(self, weights: Array) -> Array:
        """Put a solver's answer back into the set, from which it strays by rounding only."""
        clipped = np.minimum(weights, self.upper)
        clipped = np.where(clipped - self.lower < _SPECK, self.lower, clipped)
        missing = 1 - clipped.sum()
        # Nothing goes to a share on its lower limit while another has room: it would be dust again.
        above = np.where(clipped + missing <= self.upper, clipped - self.lower, -1.0)
        clipped[above.argmax()] += missing
        return clipped

    def _filled(self, order: Order) -> Array:
        """Corner for each row of `order`: members are filled up one after the other."""
        room = (self.upper - self.lower)[order]
        before = np.cumsum(room, axis=1) - room
        taken = np.clip(1 - self.lower.sum() - before, 0.0, room)
        shares = np.tile(self.lower, (len(order), 1))
        np.put_along_axis(shares, order, np.take_along_axis(shares, order, 1) + taken, axis=1)
        return shares


def _check_names(names: Sequence[str], given: Mapping[str, float]) -> None:
    for name in given:
        if name not in names:
            msg = f"limits: '{name}' is no layer with a weight; allowed: {', '.join(names)}."
            raise RecipeError(msg)
