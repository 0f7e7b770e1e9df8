"""Stage: outliers -> treated values, with every changed cell on record.

An indicator is treated if it fails the test: |G1| >= 2 and G2 >= 3.5, the sample-corrected
skewness and excess kurtosis of its values. Treatments never change the order of regions, at most
they make neighbours equal; equal values stay equal; gaps stay gaps. See `layers.methods.outliers`.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 3 and 5,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.methods.outliers import (
    Rule,
    Shape,
    box_cox,
    changed,
    failing,
    fails,
    log,
    shape,
    shifted_log,
    winsorise,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Rule", "Treated", "treat", "untreated"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Treated(NamedTuple):
    """Treated values and what was done to them.

    Attributes
    ----------
    values : DataFrame
        Regions x indicators.
    cells : DataFrame
        One row per changed cell: indicator, region, before, after, method. A transformation
        changes the unit, and so every cell of its indicator.
    summary : DataFrame
        Per indicator: method used ("" = untouched), number of cells changed, power (Box-Cox),
        skewness and kurtosis before and after, and whether it still fails the test.
    """

    values: pd.DataFrame
    cells: pd.DataFrame
    summary: pd.DataFrame


_CELLS = ("indicator", "region", "before", "after", "method")
_SUMMARY = (
    "method", "power", "cells", "skewness_before", "skewness_after", "kurtosis_before",
    "kurtosis_after", "still_fails",
)  # fmt: skip
#: Copied, because making a frame takes a tenth of a whole scoring run.
_NO_CELLS, _NO_SUMMARY = pd.DataFrame(columns=_CELLS), pd.DataFrame(columns=_SUMMARY)


def untreated(values: pd.DataFrame) -> Treated:
    """Treat nothing and test nothing: no cells, no summary."""
    return Treated(values, _NO_CELLS.copy(), _NO_SUMMARY.copy())


def treat(values: pd.DataFrame, rule: Rule, overrides: Mapping[str, Rule] | None = None) -> Treated:
    """Treat every indicator that fails the test.

    Parameters
    ----------
    values : DataFrame
        Regions x indicators, in their units; the rows of the reference set.
    rule : Rule
        For all indicators.
    overrides : mapping, optional
        Indicator -> its own rule, which replaces `rule` for it.

    Raises
    ------
    RecipeError
        If an override names an unknown indicator, or a logarithm meets values that are not above 0.
    """
    own = overrides or {}
    for key in own:
        if key not in values.columns:
            allowed = ", ".join(map(str, values.columns))
            msg = f"recipe: unknown indicator '{key}' in treat.indicators; allowed: {allowed}."
            raise RecipeError(msg)
    before = values.to_numpy(dtype=np.float64)
    after = before.copy()
    rules = [own.get(key, rule) for key in values.columns]
    found = shape(before)
    at_fault = failing(found, rules)
    methods, powers = [""] * len(rules), [np.nan] * len(rules)
    for place, (key, chosen) in enumerate(zip(values.columns, rules, strict=True)):
        if chosen.method != "none" and (at_fault[place] or chosen.always):
            after[:, place], methods[place], powers[place] = _apply(
                before[:, place], chosen, str(key)
            )
    treated = pd.DataFrame(after, index=values.index, columns=values.columns)
    summary = pd.DataFrame(
        {"method": methods, "power": powers, "cells": changed(before, after).sum(axis=0)}
        | _shapes(found, shape(after), rules),
        index=values.columns,
    )
    return Treated(treated, _cells(values, treated, summary["method"]), summary)


def _apply(values: Array, rule: Rule, name: str) -> tuple[Array, str, float]:
    """Treated values, the method that made them, and the power if there is one."""
    match rule.method:
        case "log":
            return log(values, name=name), "log", np.nan
        case "shifted_log":
            return shifted_log(values), "shifted_log", np.nan
        case "boxcox":
            result, power = box_cox(values, name=name)
            return result, "boxcox", power
        case _:
            result = winsorise(values, rule)
            if rule.method == "winsorise_then_log" and fails(result, rule):
                return shifted_log(values), "shifted_log", np.nan
            moved = changed(values, result).any()
            return result, "winsorise" if moved else "", np.nan


def _cells(before: pd.DataFrame, after: pd.DataFrame, method: pd.Series) -> pd.DataFrame:
    columns, rows = np.nonzero(changed(before.to_numpy(dtype=np.float64), after.to_numpy()).T)
    return pd.DataFrame(
        {
            "indicator": before.columns[columns],
            "region": before.index[rows],
            "before": before.to_numpy(dtype=np.float64)[rows, columns],
            "after": after.to_numpy()[rows, columns],
            "method": method.to_numpy()[columns],
        }
    )


def _shapes(before: Shape, after: Shape, rules: list[Rule]) -> dict[str, Array | Mask]:
    return {
        "skewness_before": before.skewness,
        "skewness_after": after.skewness,
        "kurtosis_before": before.kurtosis,
        "kurtosis_after": after.kurtosis,
        "still_fails": failing(after, rules),
    }
