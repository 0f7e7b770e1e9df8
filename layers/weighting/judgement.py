"""Weights from people's judgement: pairwise comparison (AHP) and budget allocation.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from layers.errors import RecipeError

__all__ = ["RANDOM_INDEX", "Budget", "Pairwise", "budget", "kendall_w", "pairwise"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Saaty's random indices: mean consistency index of random matrices of size 1 to 15.
RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip
#: Judgements with a higher consistency ratio should be looked at again (Saaty).
_ACCEPTED = 0.1
#: How far a product of two reciprocal entries, or a budget, may be off (relative): rounding only.
_ROUNDING = 1e-6
#: Fewest people whose disagreement can be shown.
_SEVERAL = 2


@dataclass(frozen=True)
class Pairwise:
    """Weights from pairwise comparison.

    Attributes
    ----------
    weights : Series
        By member, positive, adding up to 1.
    eigenvalue, consistency_index, consistency_ratio : float
        Principal eigenvalue L, ``(L - n) / (n - 1)``, and that divided by the random index; 0 for
        one or two members, which cannot contradict each other.
    worst : tuple of (str, str) or None
        The pair whose judgement fits the weights least; None if all fit exactly.
    implied : float
        What the weights say of that pair: ``w_i / w_j``.
    """

    weights: pd.Series
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    worst: tuple[str, str] | None
    implied: float

    @property
    def consistent(self) -> bool:
        """Whether the consistency ratio is at most 0.1."""
        return self.consistency_ratio <= _ACCEPTED


def pairwise(matrix: pd.DataFrame) -> Pairwise:
    """Weights from one person's pairwise comparisons (AHP): the principal eigenvector.

    Parameters
    ----------
    matrix : DataFrame
        Members x members in the same order; the entry in row i and column j says how many times
        more important i is than j (Saaty's scale: 1 equal, 3, 5, 7, 9 extremely; reciprocals the
        other way). One of two opposite entries and the diagonal may be missing (NaN).

    Raises
    ------
    RecipeError
        If the matrix is not square, positive and reciprocal, or has more than 15 members.

    References
    ----------
    Saaty (1977), A scaling method for priorities in hierarchical structures,
    doi:10.1016/0022-2496(77)90033-5; random indices from Saaty (1980), The Analytic Hierarchy
    Process.
    """
    names = _names(matrix)
    judged = _reciprocal(_numbers(matrix, "pairwise"), names)
    size = len(names)
    values, vectors = np.linalg.eig(judged)
    first = int(np.argmax(values.real))
    # All entries of the principal eigenvector of a positive matrix have the same sign (Perron).
    vector = np.abs(vectors[:, first].real)
    weights = vector / vector.sum()
    # The eigenvalue is never below n; rounding may put it there.
    eigenvalue = max(float(values[first].real), float(size))
    index = (eigenvalue - size) / (size - 1) if size > 1 else 0.0
    random = RANDOM_INDEX[size - 1]
    worst, implied = _worst(judged, weights, names)
    return Pairwise(
        weights=pd.Series(weights, names, name="weight"), eigenvalue=eigenvalue,
        consistency_index=index, consistency_ratio=index / random if random else 0.0,
        worst=worst, implied=implied,
    )  # fmt: skip


def _names(matrix: pd.DataFrame) -> list[str]:
    names = [str(name) for name in matrix.columns]
    if not names or [str(name) for name in matrix.index] != names or len(set(names)) < len(names):
        msg = "pairwise: rows and columns must name the same members once, in the same order."
        raise RecipeError(msg)
    if len(names) > len(RANDOM_INDEX):
        msg = f"pairwise: {len(names)} members; at most {len(RANDOM_INDEX)} can be compared."
        raise RecipeError(msg)
    return names


def _reciprocal(given: Array, names: list[str]) -> Array:
    """Fill missing opposites and check every pair, the diagonal included."""
    with np.errstate(divide="ignore"):
        filled = np.where(np.isnan(given), 1 / given.T, given)
    np.fill_diagonal(filled, np.where(np.isnan(np.diag(given)), 1.0, np.diag(given)))
    for i, row in enumerate(names):
        for j, column in enumerate(names[: i + 1]):
            above, below = float(filled[j, i]), float(filled[i, j])
            where = f"pairwise: row '{column}', column '{row}'"
            if not (np.isfinite([above, below]).all() and min(above, below) > 0):
                msg = f"{where}: a finite number above 0 is needed, here or in the opposite cell."
                raise RecipeError(msg)
            if abs(above * below - 1) > _ROUNDING:
                msg = (
                    f"{where}: {above:g} is not the reciprocal of the opposite cell ({below:g}); "
                    f"1/{below:g} = {1 / below:.9g} is needed, or leave one of the two empty."
                )
                raise RecipeError(msg)
    return filled


def _worst(judged: Array, weights: Array, names: list[str]) -> tuple[tuple[str, str] | None, float]:
    implied = weights[:, None] / weights[None, :]
    off = np.abs(np.log(judged / implied))
    i, j = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
    if off[i, j] < _ROUNDING:
        return None, 1.0
    return (names[i], names[j]), float(implied[i, j])


@dataclass(frozen=True)
class Budget:
    """Weights from budgets of several people, with their disagreement.

    Attributes
    ----------
    weights : Series
        By member, non-negative, adding up to 1.
    members : DataFrame
        Shares (0 to 1) by member: ``mean``, ``median``, ``deviation`` (sample standard deviation
        between people), ``lowest``, ``highest``.
    kendall_w : float or None
        Agreement of the orders implied, from 0 (none) to 1 (all the same), corrected for ties;
        None if everybody gives every member the same, so that there is no order.
    people : int
        How many.
    """

    weights: pd.Series
    members: pd.DataFrame
    kendall_w: float | None
    people: int


def budget(
    points: pd.DataFrame, *, total: float = 100.0, how: Literal["mean", "median"] = "mean"
) -> Budget:
    """Weights from points that several people shared out among the members.

    Parameters
    ----------
    points : DataFrame
        People x members; non-negative, each row adds up to `total`. No gaps: nothing is a 0.
    how : "mean" or "median"
        Median shares are scaled to add up to 1; they give extreme budgets less pull.

    Raises
    ------
    RecipeError
        If a budget does not add up (names the person), holds a gap or a negative number, or
        there are fewer than two people, so that no disagreement can be shown.
    """
    if how not in ("mean", "median"):
        msg = f"budget: unknown rule '{how}'; allowed: mean, median."
        raise RecipeError(msg)
    _check_budgets(points, total)
    shares = pd.DataFrame(_numbers(points, "budget"), points.index, points.columns) / total
    members = pd.DataFrame({
        "mean": shares.mean(), "median": shares.median(), "deviation": shares.std(ddof=1),
        "lowest": shares.min(), "highest": shares.max(),
    })  # fmt: skip
    chosen = members[how]
    if not chosen.sum() > 0:
        msg = "budget: the median of every member is 0; use the mean, people disagree too much."
        raise RecipeError(msg)
    return Budget(
        weights=(chosen / chosen.sum()).rename("weight"), members=members,
        kendall_w=kendall_w(shares), people=len(shares),
    )  # fmt: skip


def kendall_w(ratings: pd.DataFrame) -> float | None:
    """Kendall's coefficient of concordance between the rows, with correction for ties.

    ``W = 12 S / (m^2 (n^3 - n) - m sum T)``: S squared deviations of the n rank sums from their
    mean, m people, T the sum of ``t^3 - t`` over one person's groups of t equal ratings. None if
    the denominator is 0: nobody puts anything before anything else.

    References
    ----------
    Kendall & Babington Smith (1939), doi:10.1214/aoms/1177732186.
    """
    ranks = ratings.rank(axis=1)
    people, size = ratings.shape
    ties = sum(
        int(times**3 - times) for _, row in ratings.iterrows() for times in row.value_counts()
    )
    below = people**2 * (size**3 - size) - people * ties
    sums = ranks.sum()
    return float(12 * ((sums - sums.mean()) ** 2).sum() / below) if below else None


def _check_budgets(points: pd.DataFrame, total: float) -> None:
    if len(points) < _SEVERAL or points.shape[1] == 0 or points.columns.has_duplicates:
        msg = "budget: at least two people and one column for each member are needed."
        raise RecipeError(msg)
    if not (np.isfinite(total) and total > 0):
        msg = f"budget: total = {total:g}; a finite number above 0 is needed."
        raise RecipeError(msg)
    for person, given in zip(points.index, _numbers(points, "budget"), strict=True):
        if not np.isfinite(given).all() or (given < 0).any():
            msg = f"budget: row '{person}' holds a gap or a negative number; 0 is for nothing."
            raise RecipeError(msg)
        if abs(given.sum() - total) > _ROUNDING * total:
            msg = f"budget: row '{person}' adds up to {given.sum():g}; {total:g} is needed."
            raise RecipeError(msg)


def _numbers(table: pd.DataFrame, what: str) -> Array:
    try:
        return table.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        msg = f"{what}: every cell must hold a number ({error})."
        raise RecipeError(msg) from error
