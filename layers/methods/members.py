"""What all means share: checks of values and weights, and gaps that hand on their weight."""

from __future__ import annotations

import numpy as np

from layers.errors import RecipeError

__all__ = ["mean_over_present", "members", "relative_weights", "require_at_least"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def members(values: Array, weights: Array) -> tuple[Array, Array]:
    """Members with a weight, and these weights; a member of weight 0 is absent.

    Parameters
    ----------
    values : array, shape (n, k)
        Comparable values; NaN is a gap.
    weights : array, shape (k,)
        Non-negative; only their ratios matter.

    Returns
    -------
    (array, shape (n, m); array, shape (m,))
        Without any weight, one member that is a gap everywhere, so that every mean is missing.

    Raises
    ------
    RecipeError
        On infinite values, on weights that are negative, NaN or infinite, or too few or many.
    """
    values, weights = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if values.ndim != 2 or weights.shape != values.shape[1:]:  # noqa: PLR2004 - rows and columns
        msg = (
            f"aggregate: {weights.size} weights for values of shape {values.shape}; "
            "one weight per column is needed."
        )
        raise RecipeError(msg)
    if not np.isfinite(weights).all() or (weights < 0).any():
        at = int(np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))[0])
        msg = f"aggregate: weight {at + 1} is {weights[at]:g}; a finite number from 0 is needed."
        raise RecipeError(msg)
    if np.isinf(values).any():
        row, column = (int(one) for one in np.argwhere(np.isinf(values))[0])
        msg = f"aggregate: row {row + 1}, column {column + 1} is infinite; use NaN for a gap."
        raise RecipeError(msg)
    used = weights > 0
    if not used.any():
        return np.full((len(values), 1), np.nan), np.ones(1)
    return values[:, used], weights[used]


def require_at_least(values: Array, method: str, *, zero: bool = False) -> None:
    """Raise RecipeError if a value is not above 0 (with `zero`: is below 0)."""
    bad = values < 0 if zero else values <= 0
    if bad.any():
        wanted = "values from 0" if zero else "values above 0"
        start = "0" if zero else "1, such as [1, 100]"
        msg = (
            f"recipe: aggregate.method = '{method}' needs {wanted}, but the normalised values "
            f"start at {np.nanmin(values):g}; choose a normalised range that starts at {start}."
        )
        raise RecipeError(msg, code="needs_positive")


def mean_over_present(values: Array, weights: Array) -> Array:
    """``sum w x / sum w`` over the members that are present; NaN where none is.

    The sums run member by member in a fixed order: equal rows give equal results to the last bit,
    wherever they stand.
    """
    top, bottom = np.zeros(len(values)), np.zeros(len(values))
    for weight, column in zip(weights, values.T, strict=True):
        present = ~np.isnan(column)
        top += np.where(present, weight * column, 0.0)
        bottom += np.where(present, weight, 0.0)
    mean: Array = np.divide(top, bottom, out=np.full(len(values), np.nan), where=bottom > 0)
    return mean


def relative_weights(values: Array, weights: Array) -> Array:
    """Weights of each row that add up to 1 over its present members; 0 for a gap."""
    weight = np.where(np.isnan(values), 0.0, weights)
    total = np.zeros(len(values))
    for column in weight.T:
        total += column
    relative: Array = np.divide(weight, total[:, None], out=weight, where=total[:, None] > 0)
    return relative
