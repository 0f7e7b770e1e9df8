"""All combinations of the choices that reasonable people would make differently.

A field of the recipe and its alternative values form a choice; every combination of one value per
choice is a variant, scored like any recipe. What the ranks have in common over all variants is
fact; the rest is choice, and `Multiverse.influence` says whose.

Fields are written as in a recipe file: ``normalise.method``, ``aggregate.method``,
``directions.vacancy_rate``, ``directions.layer:demography``, ``weights.layer:housing``,
``normalise`` (a whole table) or ``weights`` (a whole preset). ``leave_out`` is a field of its own:
``""`` for nothing, or the ``layer:ID`` or ``indicator:ID`` whose weight becomes 0.

Reference: Steegen et al. (2016), Increasing transparency through a multiverse analysis,
doi:10.1177/1745691616658637; OECD/JRC (2008), step 7, doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.errors import Notice, RecipeError
from layers.recipe import Recipe
from layers.score import Scores, rank, score

if TYPE_CHECKING:
    from layers.dataset import Dataset

__all__ = ["NO_GEOMETRIC_ZSCORE", "Multiverse", "NotApplicable", "Values", "multiverse", "vary"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
#: Alternative values of one field: a list, or label -> value where the value is no short word.
Values = Sequence[Any] | Mapping[str, Any]

_LEAVE_OUT = "leave_out"
_MOST_VARIANTS = 10_000


@dataclass(frozen=True)
class NotApplicable:
    """Combinations that make no sense and are not to be run.

    Attributes
    ----------
    when : dict
        Recipe field -> value; a variant whose recipe has all of them is not run.
    reason : str
        Short code for the reader's language, listed with the variant.
    """

    when: Mapping[str, Any]
    reason: str


#: Standardised values are negative for half of the regions; a geometric mean needs positive ones.
NO_GEOMETRIC_ZSCORE = NotApplicable(
    {
        "normalise.method": "zscore",
        "normalise.range": None,
        "aggregate.method": "geometric",
    },
    "needs_positive",
)


@dataclass(frozen=True)
class Multiverse:
    """Ranks under every variant.

    Attributes
    ----------
    settings : DataFrame
        Variants x choices (labels of the values), and ``reason``: "" or why it was not run.
    ranks : DataFrame
        Regions x variants that were run; 1 is the best, ties share the best place, missing where
        the variant gives no score.
    bands : DataFrame
        Per region: ``rank`` under the base recipe, ``best``, ``rank_p05``, ``rank_median``,
        ``rank_p95``, ``worst`` over the variants, ``top_quarter`` (share of the variants that rank
        it in which it is in the best quarter), ``ranked`` (share of the variants that rank it).
    influence : DataFrame
        Per choice, strongest first: ``mean_change`` and ``largest_change``: mean and largest
        absolute change of a rank between two variants that differ in this choice alone (over all
        such pairs and the regions that both rank; missing without such a pair), ``pairs``.
    warnings : tuple of Notice
        What single variants noticed, each once.
    """

    settings: pd.DataFrame
    ranks: pd.DataFrame
    bands: pd.DataFrame
    influence: pd.DataFrame
    warnings: tuple[Notice, ...] = ()


def multiverse(
    dataset: Dataset, base: Recipe, choices: Mapping[str, Values], *,
    not_applicable: Sequence[NotApplicable] = (NO_GEOMETRIC_ZSCORE,),
    progress: Callable[[int, int], None] | None = None,
) -> Multiverse:  # fmt: skip
    """Score every combination of the choices.

    Parameters
    ----------
    choices : dict
        Field -> alternative values (not added to, so name the base value too).
    not_applicable : sequence of NotApplicable
        Combinations that are listed with their reason instead of run.
    progress : callable, optional
        Called with the number of variants done and that of all.

    Raises
    ------
    RecipeError
        If a field or value is unknown, there are no or too many variants, none can be run, or a
        variant fails that was not declared; the message names its settings.
    """
    labelled = {field: _labelled(field, values) for field, values in choices.items()}
    total = _check_size(labelled)
    settings, runs = [], {}
    for number, labels in enumerate(product(*labelled.values())):
        named = dict(zip(labelled, labels, strict=True))
        recipe = vary(base, {field: labelled[field][label] for field, label in named.items()})
        reason = _reason(recipe, not_applicable)
        settings.append({**named, "reason": reason})
        if not reason:
            runs[number] = _run(dataset, recipe, named)
        if progress:
            progress(number + 1, total)
    if not runs:
        raise RecipeError("multiverse: no variant is left to run; all are declared not applicable.")
    ranks = pd.DataFrame({number: _ranks(run) for number, run in runs.items()}, copy=False)
    table = pd.DataFrame(settings).rename_axis("variant")
    notices = dict.fromkeys(notice for run in runs.values() for notice in run.warnings)
    return Multiverse(
        settings=table, ranks=ranks.rename_axis(columns="variant"),
        bands=_bands(ranks, _ranks(score(dataset, base))),
        influence=_influence(ranks, {field: len(values) for field, values in labelled.items()}),
        warnings=tuple(notices),
    )  # fmt: skip


def vary(base: Recipe, changes: Mapping[str, Any]) -> Recipe:
    """Return `base` with some fields changed; keys as described at the top of this module.

    What is left out loses its weight last, whatever the weights.

    Raises
    ------
    RecipeError
        If a field or its value is not allowed.
    """
    content, fields = base.to_dict(), dict(changes)
    if left_out := fields.pop(_LEAVE_OUT, ""):
        fields[f"weights.{left_out}"] = 0.0
    # A table stands before its keys.
    for field, value in sorted(fields.items()):
        part, _, key = field.partition(".")
        if key and not isinstance(content.setdefault(part, {}), dict):
            msg = f"recipe: '{part}' is no table, so there is no '{field}' to vary."
            raise RecipeError(msg)
        if key:
            content[part] = {**content[part], key: value}
        else:
            content[part] = value
    return Recipe.parse(content)


def _labelled(field: str, values: Values) -> dict[str, Any]:
    if isinstance(values, str) or len(values) == 0:
        msg = f"multiverse: '{field}' needs a list of at least one alternative value."
        raise RecipeError(msg)
    if isinstance(values, Mapping):
        return dict(values)
    labelled = {str(value): value for value in values}
    if len(labelled) < len(values):
        msg = f"multiverse: '{field}' lists a value twice ({', '.join(map(str, values))})."
        raise RecipeError(msg)
    return labelled


def _check_size(labelled: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the number of variants, if it makes sense."""
    variants = math.prod(len(values) for values in labelled.values())
    if not labelled or variants > _MOST_VARIANTS:
        sizes = ", ".join(f"{field}: {len(values)}" for field, values in labelled.items())
        msg = (
            f"multiverse: {variants:,} variants ({sizes or 'no choice given'}); name at least one "
            f"choice and at most {_MOST_VARIANTS:,} variants."
        )
        raise RecipeError(msg)
    return variants


def _reason(recipe: Recipe, not_applicable: Sequence[NotApplicable]) -> str:
    content = recipe.model_dump(mode="json")
    for declared in not_applicable:
        if all(_field(content, field) == value for field, value in declared.when.items()):
            return declared.reason
    return ""


def _field(content: dict[str, Any], field: str) -> Any:
    part, _, key = field.partition(".")
    value = content.get(part)
    return value.get(key) if key and isinstance(value, dict) else value


def _run(dataset: Dataset, recipe: Recipe, named: Mapping[str, str]) -> Scores:
    try:
        return score(dataset, recipe)
    except RecipeError as cause:
        words = ", ".join(f"{field} = {label or 'nothing'}" for field, label in named.items())
        raise RecipeError(f"variant ({words}): {cause}", code=cause.code) from cause


def _ranks(scores: Scores) -> pd.Series:
    """Rank of each region of the dataset; NaN without a score."""
    return rank(scores.index).astype(float)


def _bands(ranks: pd.DataFrame, base: pd.Series) -> pd.DataFrame:
    """Columns of `Multiverse.bands`."""
    places = np.ceil(ranks.notna().sum() / 4)
    times = ranks.notna().sum(axis=1)
    spots = {"best": 0.0, "rank_p05": 0.05, "rank_median": 0.5, "rank_p95": 0.95, "worst": 1.0}
    rising = np.sort(ranks.to_numpy(), axis=1)  # gaps go to the end
    quantiles = {}
    for name, share in spots.items():
        # The smallest rank that at least this share of the variants attains, as in the bands.
        place = np.maximum(np.ceil(share * times.to_numpy() - 1e-9), 1).astype(int) - 1
        quantiles[name] = rising[np.arange(len(rising)), place]
    whole = pd.DataFrame({"rank": base} | quantiles).astype("Int64")
    return whole.assign(
        top_quarter=ranks.le(places).sum(axis=1) / times,
        ranked=times / ranks.shape[1],
    )


def _influence(ranks: pd.DataFrame, sizes: Mapping[str, int]) -> pd.DataFrame:
    cube = np.full((math.prod(sizes.values()), len(ranks)), np.nan)
    cube[ranks.columns.to_numpy()] = ranks.to_numpy().T
    shaped = cube.reshape(*sizes.values(), len(ranks))
    rows = {field: _change(np.moveaxis(shaped, axis, 0)) for axis, field in enumerate(sizes)}
    columns = ["mean_change", "largest_change", "pairs"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.sort_values("mean_change", ascending=False, kind="stable")


def _change(levels: Array) -> tuple[float, float, int]:
    """Mean and largest absolute difference between any two of `levels`, and the pairs of runs."""
    total, cells, largest, pairs = 0.0, 0, np.nan, 0
    for first in range(len(levels)):
        for second in range(first):
            both = np.abs(levels[first] - levels[second])
            known = ~np.isnan(both)
            if known.any():
                total, cells = total + float(both[known].sum()), cells + int(known.sum())
                largest = float(np.fmax(largest, both[known].max()))
                pairs += int(known.any(axis=-1).sum())
    return total / cells if cells else np.nan, largest, pairs
