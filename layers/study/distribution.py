"""Share out N people over the regions by a stated rule, and say what that would mean.

Quotas by the rule, bounds kept by sharing out again what they cut off, whole people by largest
remainder (`layers.study.apportion`). Beside it stand the distribution by inhabitants alone and the
present one, and for rules that use the score the range over many weightings: the numbers are exact
arithmetic on a rule that somebody chose, not a finding about how many people a place can take.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from layers.certainty.tally import blocks
from layers.errors import RecipeError
from layers.study.apportion import apportion
from layers.study.distribution_claims import claims, drawn_claims, inhabitants, scope
from layers.study.distribution_tables import (
    UNBOUNDED,
    Shared,
    distances,
    ends_of,
    land_table,
    region_table,
    step_table,
)
from layers.study.present import present

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from layers.score import Scores
    from layers.study.apportion import Whole
    from layers.study.distribution_rule import Rule
    from layers.study.present import Present

__all__ = ["MOST_PEOPLE", "MOST_STEPS", "Distribution", "distribute", "room"]

#: Limits of what can be asked.
MOST_PEOPLE, MOST_STEPS = 10_000_000, 24


@dataclass(frozen=True)
class Distribution:
    """People per region under one rule; frames hold the regions that take part.

    Attributes
    ----------
    people : tuple of int
        People of each step.
    regions : DataFrame
        By region: ``population``; ``share`` (by the rule, before bounds); ``persons`` (of all
        steps); ``persons_p05``, ``persons_p95`` (over the weightings drawn; missing if the rule
        uses no score); ``per_1000`` (persons per 1,000 inhabitants); ``bound`` (most persons;
        missing without a bound), ``at_bound``; ``by_population`` (persons if all were shared out
        by inhabitants alone, without bounds), ``difference`` to it and ``difference_per_1000``;
        ``more``, ``fewer`` (share of the weightings with more, fewer persons than by population);
        ``against_population`` ("more", "fewer", "same"; "open" where fewer than 95 % of
        the weightings agree); ``present`` (people there now, see
        `layers.study.present`) and ``present_scaled`` (as many as are shared out, by where people
        are now).
    steps : DataFrame
        One row per region and step: ``step``, ``region``, ``persons`` (of this step), ``so_far``
        with ``so_far_p05``, ``so_far_p95``.
    lands : DataFrame
        By Land: sums of the regions that take part, with the range of the sum; the ranges of its
        regions do not add up to it. Empty if the dataset knows no Länder.
    distances : DataFrame
        ``first``, ``second``, ``dissimilarity`` (`layers.study.apportion.dissimilarity`).
    unscored : tuple of str
        Regions that get nothing from the parts of the rule that use the score.
    draws : int
        Weightings behind the ranges; 0 if the rule uses no score or none were asked for.
    asked_draws, seed, spread
        As asked for; in a draw that is left out the bounds could not hold all people.
    """

    rule: Rule
    people: tuple[int, ...]
    regions: pd.DataFrame
    steps: pd.DataFrame
    lands: pd.DataFrame
    distances: pd.DataFrame
    present: Present | None
    unscored: tuple[str, ...]
    draws: int
    asked_draws: int
    seed: int
    spread: float | None

    @property
    def total(self) -> int:
        """People of all steps."""
        return sum(self.people)


def distribute(
    scores: Scores, people: Sequence[int], rule: Rule, *, draws: int = 1_000, seed: int = 1,
    spread: float | None = None,
) -> Distribution:  # fmt: skip
    """Share out people by a rule.

    Parameters
    ----------
    people : sequence of int
        People of each step. Every step shares out the sum of all steps so far by the rule, except
        that nobody who has been assigned is moved again: what rounding or a bound did earlier is
        made up for later, as far as possible.
    draws : int
        Weightings for the ranges; 0 for none. They and `seed`, `spread` are as in
        `layers.robust.robust`, and the draws the same. A draw is left out if its bounds cannot
        hold all people, because regions without any claim take none.

    Raises
    ------
    RecipeError
        If the rule does not fit the dataset, people are no sensible number, or the bounds cannot
        hold them (code "no_room"): the message says how many they can.
    """
    _check_people(people)
    people = tuple(map(int, people))
    keys = scope(scores, rule)
    now = present(scores)
    claimed, high = claims(scores, keys, rule), _bounds(scores, keys, rule, now)
    _check_room(claimed, high, sum(people))
    shared = Shared(scores, keys, claimed, high, _step_by_step(people, claimed, high), now)
    if draws and rule.uses_score:
        shared = _drawn(shared, rule, people, (draws, seed, spread))
    regions = region_table(shared)
    unscored = scores.index.reindex(regions.index).isna()
    return Distribution(
        rule=rule, people=people, regions=regions, steps=step_table(shared),
        lands=land_table(shared, regions), distances=distances(regions), present=now,
        unscored=tuple(regions.index[unscored]) if rule.uses_score else (),
        draws=len(shared.drawn), asked_draws=draws, seed=seed, spread=spread,
    )  # fmt: skip


def room(scores: Scores, rule: Rule) -> int | None:
    """Most people that the bounds of the rule can hold; None without a bound.

    Raises
    ------
    RecipeError
        As `distribute` does.
    """
    keys = scope(scores, rule)
    claimed, high = claims(scores, keys, rule), _bounds(scores, keys, rule, present(scores))
    return None if rule.cap is None else int(high[claimed > 0].sum())


def _check_people(people: Sequence[int]) -> None:
    if not 1 <= len(people) <= MOST_STEPS:
        raise RecipeError(f"people: {len(people)} steps; 1 to {MOST_STEPS} are allowed.")
    wrong = [one for one in people if one < 1 or not float(one).is_integer()]
    if wrong or sum(people) > MOST_PEOPLE:
        said = wrong[0] if wrong else sum(people)
        msg = f"people = {said}: whole numbers from 1 to {MOST_PEOPLE} in all are needed."
        raise RecipeError(msg)


def _bounds(scores: Scores, keys: pd.Index, rule: Rule, now: Present | None) -> Whole:
    """Most people of each region: ``floor(cap * inhabitants / 1000)``, less those present."""
    if rule.cap is None:
        return np.array([UNBOUNDED] * len(keys), dtype=object)
    people = inhabitants(scores).reindex(keys)
    if people.isna().all():
        msg = "rule: 'cap' needs the attribute 'population' of the regions, which is missing."
        raise RecipeError(msg, code="no_attribute")
    # A bound counts to the thousandth, so that 0.1 per 1,000 of 30,000 is 3 and not 3.0000001.
    cap = round(rule.cap * 1_000)
    held = np.array([cap * round(one) // 1_000_000 for one in people.fillna(0)], dtype=object)
    if not rule.count_present:
        return held
    if now is None:
        msg = "rule: 'count_present' needs the people present now, which this dataset lacks."
        raise RecipeError(msg, code="no_present")
    there = np.array(now.whole.reindex(keys).tolist(), dtype=object)
    return np.array(np.maximum(held - there, 0))


def _check_room(claimed: Whole, high: Whole, total: int) -> None:
    most = int(high[claimed > 0].sum())
    if total > most:
        msg = (
            f"the bounds hold at most {most} people, not {total}; raise the bound or ask for fewer."
        )
        raise RecipeError(msg, code="no_room")


def _step_by_step(people: tuple[int, ...], claimed: Whole, high: Whole) -> list[Whole]:
    """People of each region after every step."""
    reached: list[Whole] = []
    low: Whole = np.zeros(len(claimed), dtype=object)
    for total in np.cumsum(people).tolist():
        low = apportion(total, claimed[None, :], low, high)[0]
        reached.append(low)
    return reached


def _drawn(
    shared: Shared, rule: Rule, people: tuple[int, ...], drawing: tuple[int, int, float | None]
) -> Shared:
    """Add the numbers under each draw, every sum of steps shared out at once."""
    draws, seed, spread = drawing
    totals = np.cumsum(people).tolist()
    bound = np.minimum(shared.high, totals[-1]).astype(np.int64)
    chunks = drawn_claims(shared.scores, shared.keys, rule, draws=draws, seed=seed, spread=spread)
    fits = [one[((one > 0) * bound).sum(axis=1) >= totals[-1]] for one in chunks]
    if not any(map(len, fits)):
        return shared
    ends = []
    for total in totals:
        found = np.concatenate([_each(total, claimed, bound) for claimed in fits])
        ends.append(ends_of(found))
    return replace(shared, drawn=found, ends=tuple(ends))


def _each(total: int, claimed: Whole, bound: Whole) -> Whole:
    """Share out under each draw, a few draws at a time, so that memory stays bounded."""
    none = np.zeros(len(bound), dtype=np.int64)
    found = np.empty(claimed.shape, dtype=np.int32)
    for rows in blocks(*claimed.shape):
        found[rows] = apportion(total, claimed[rows], none, bound)
    return found
