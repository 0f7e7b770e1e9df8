"""Do the parts of an index belong together? Correlations, reliability and dimensions.

All values are those of `Scores`: on the common scale, directions turned, so that every scored
indicator and layer claims "more is better". A correlation below 0 between two of them means that
they pull in opposite directions. Gaps: correlations use the regions that have both values; alpha
and principal components the regions without a gap in the layer. Weights in fact and double
counting: see `layers.study.influence`.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.study import influence
from layers.study.influence import LEAST_REGIONS

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = [
    "Coherence", "Kind", "coherence", "correlations", "cronbach_alpha", "pairs", "reliability",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Kind = Literal["pearson", "spearman", "kendall"]

_KINDS = ("pearson", "spearman", "kendall")
#: Rounding must not make a dimension out of uncorrelated members, whose eigenvalues are all 1.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Coherence:
    """All coherence tables of one scoring run.

    Attributes
    ----------
    pairs : DataFrame
        See `pairs`.
    layers : DataFrame
        See `reliability`.
    weights : DataFrame
        See `layers.study.influence.effective_weights`.
    variance : DataFrame
        See `layers.study.influence.variance_shares`.
    groups : DataFrame
        See `layers.study.influence.double_counting`.
    kind, collinear, negative
        As asked for.
    """

    pairs: pd.DataFrame
    layers: pd.DataFrame
    weights: pd.DataFrame
    variance: pd.DataFrame
    groups: pd.DataFrame
    kind: Kind
    collinear: float
    negative: float

    @property
    def flagged(self) -> pd.DataFrame:
        """The pairs with a flag, strongest correlations first."""
        chosen = self.pairs[self.pairs["flag"] != ""]
        return chosen.sort_values("correlation", key=abs, ascending=False, kind="stable")


def coherence(
    scores: Scores, *, kind: Kind = "pearson", collinear: float = 0.9, negative: float = -0.4
) -> Coherence:
    """Return every coherence table for one scoring run.

    Raises
    ------
    RecipeError
        If fewer than three regions have a score, or kind or limits make no sense.
    """
    if scores.index.notna().sum() < LEAST_REGIONS:
        msg = f"coherence: {LEAST_REGIONS} regions with a score are needed; widen the filter."
        raise RecipeError(msg)
    return Coherence(
        pairs=pairs(scores, kind=kind, collinear=collinear, negative=negative),
        layers=reliability(scores),
        weights=influence.effective_weights(scores),
        variance=influence.variance_shares(scores),
        groups=influence.double_counting(scores, least=collinear),
        kind=kind, collinear=collinear, negative=negative,
    )  # fmt: skip


def correlations(values: pd.DataFrame, kind: Kind = "pearson") -> pd.DataFrame:
    """Correlations between all columns, each over the rows that have both values.

    Pearson's r; Spearman's rho (r of mean ranks); Kendall's tau-b. Ties: mean ranks, and tau-b's
    own correction. NaN where a column is constant (but for rounding) or fewer than three rows
    have both.
    """
    if kind not in _KINDS:
        msg = f"coherence: unknown correlation '{kind}'; allowed: {', '.join(_KINDS)}."
        raise RecipeError(msg)
    apart = influence.without_even(values)
    return apart.corr(method=kind, min_periods=LEAST_REGIONS)


def pairs(
    scores: Scores, *, kind: Kind = "pearson", collinear: float = 0.9, negative: float = -0.4
) -> pd.DataFrame:
    """Correlation of every pair of scored indicators, layers and the index.

    Returns
    -------
    DataFrame
        ``a``, ``b`` (``indicator:ID``, ``layer:ID`` or ``index``); ``relation``: "siblings" (the
        same parent), "above" (b is a layer above a, or the index), "across" (anything else);
        ``correlation``; ``regions`` that have both; ``flag``: "collinear" (above `collinear`,
        but not of a layer with its own parts), "negative" (below `negative` between siblings or
        with what lies above: against the sense of the layer), else ""; ``reason`` why a
        correlation is missing: "regions" (fewer than three) or "constant", else "".
    """
    if not (0 < collinear <= 1 and -1 <= negative < 0):
        msg = f"coherence: limits {collinear:g} and {negative:g}; (0, 1] and [-1, 0) are allowed."
        raise RecipeError(msg)
    values, parents = _columns(scores)
    present = values.notna().to_numpy(dtype=np.int64)
    # Upper triangle in row order: every pair once, the part before what lies above it.
    first, second = np.triu_indices(values.shape[1], k=1)
    keys = values.columns.to_numpy()
    table = pd.DataFrame({
        "a": keys[first], "b": keys[second],
        "relation": [
            _relation(a, b, parents) for a, b in zip(keys[first], keys[second], strict=True)
        ],
        "correlation": correlations(values, kind).to_numpy()[first, second],
        "regions": (present.T @ present)[first, second],
    })  # fmt: skip
    together = table["relation"] != "across"
    high = (table["correlation"] > collinear) & (table["relation"] != "above")
    low = (table["correlation"] < negative) & together
    table["flag"] = np.select([high, low], ["collinear", "negative"], default="")
    missing = table["correlation"].isna()
    few = table["regions"] < LEAST_REGIONS
    table["reason"] = np.select([missing & few, missing], ["regions", "constant"], default="")
    return table


def reliability(scores: Scores) -> pd.DataFrame:
    """Cronbach's alpha and principal components of every layer and the index.

    Returns
    -------
    DataFrame
        By layer (the index is ``""``), over its direct members with a weight: ``members``,
        ``regions`` (without a gap), ``alpha``, ``first_share`` (share of the standardised
        members' variance on the first principal component), ``above_one`` (components with an
        eigenvalue above 1: the dimensions that the layer mixes), ``opposed`` (members whose
        loading on the first component has the rarer sign), ``reason`` why these are missing:
        "one member", "regions" (fewer than three) or "constant" (a member without spread).
    """
    rows = {}
    for node in scores.plan.members:
        values = influence.member_values(scores, node)
        if values.shape[1]:
            rows[node] = _layer_row(values.dropna())
    columns = ["members", "regions", "alpha", "first_share", "above_one", "opposed", "reason"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.astype({"above_one": "Int64", "opposed": "Int64"})


def cronbach_alpha(values: Array) -> float:
    """Cronbach's alpha: ``k / (k - 1) (1 - sum var(x_j) / var(sum x_j))`` of unweighted members.

    Near 1: the members measure one thing; 0: unrelated; below 0: they cancel out. Minus infinity
    if they cancel out wholly.

    Parameters
    ----------
    values : array, shape (n, k)
        No gaps, k at least 2, on a common scale.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555.
    """
    size = values.shape[1]
    parts, whole = values.var(axis=0, ddof=1).sum(), values.sum(axis=1).var(ddof=1)
    if whole <= 1e-12 * parts:
        return -np.inf
    return float(size / (size - 1) * (1 - parts / whole))


def _layer_row(complete: pd.DataFrame) -> tuple[object, ...]:
    regions, members = complete.shape
    reason = _why_not(complete)
    if reason:
        return (members, regions, np.nan, np.nan, pd.NA, pd.NA, reason)
    values = complete.to_numpy(dtype=np.float64)
    eigenvalues, vectors = np.linalg.eigh(np.corrcoef(values, rowvar=False))
    above = int((eigenvalues > 1 + _ROUNDING).sum())
    first = vectors[:, -1]
    against, along = int((first < -_ROUNDING).sum()), int((first > _ROUNDING).sum())
    share = float(eigenvalues[-1] / members)
    return (members, regions, cronbach_alpha(values), share, above, min(against, along), "")


def _why_not(complete: pd.DataFrame) -> str:
    if complete.shape[1] == 1:
        return "one member"
    if len(complete) < LEAST_REGIONS:
        return "regions"
    return "" if influence.uneven(complete).all() else "constant"


def _columns(scores: Scores) -> tuple[pd.DataFrame, dict[str, str]]:
    """Scored indicators, layers and the index, parts first; and the parent of each."""
    values: dict[str, pd.Series] = {}
    parents: dict[str, str] = {}
    for node in scores.plan.members:
        above = "index" if node == INDEX else f"layer:{node}"
        for key, column in influence.member_values(scores, node).items():
            values[str(key)] = column
            parents[str(key)] = above
    # Indicators before layers, layers in the order of the plan: each before those above it.
    order = sorted(values, key=lambda key: key.startswith("layer:"))
    return pd.DataFrame(values)[order].assign(index=scores.index), parents


def _relation(a: str, b: str, parents: dict[str, str]) -> str:
    if a in parents and b in parents and parents[a] == parents[b]:
        return "siblings"
    above = a
    while above in parents:
        above = parents[above]
        if above == b:
            return "above"
    return "across"
