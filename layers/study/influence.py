"""What weighs in fact: effective against nominal weights, and double counting.

A weight says how much of a layer's value comes from a member, not how far the member decides who
ranks before whom: that depends on spread and correlation as well.

Reference: Paruolo, Saisana & Saltelli (2013), Ratings and rankings: voodoo or science?,
doi:10.1111/j.1467-985X.2012.01059.x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from layers.catalogue import INDEX
from layers.errors import RecipeError

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = [
    "LEAST_REGIONS", "double_counting", "effective_weights", "member_values", "uneven",
    "variance_shares", "without_even",
]  # fmt: skip

#: Fewest regions with both values from which a correlation is given.
LEAST_REGIONS = 3
#: Spread below this share of the largest value is rounding, not a difference between regions.
_ROUNDING = 1e-9
_KIND = {True: "layer", False: "indicator"}


def member_values(scores: Scores, node: str) -> pd.DataFrame:
    """Values of the members of `node` that are scored, as ``layer:ID`` and ``indicator:ID``.

    Nothing is scored in a layer of weight 0, or below one.
    """
    if not _counts(scores, node):
        return pd.DataFrame(index=scores.index.index)
    columns = {
        f"{_KIND[one.is_layer]}:{one.key}": (scores.layers if one.is_layer else scores.normalised)[
            one.key
        ]
        for one in scores.plan.members[node]
        if one.weight > 0
    }
    return pd.DataFrame(columns)


def uneven(values: pd.DataFrame, largest: float | None = None) -> pd.Series:
    """Whether each column differs between regions by more than rounding.

    Opposites that cancel out leave 49.99999999999999 beside 50: nothing to correlate with.

    Parameters
    ----------
    largest : float, optional
        The largest value that the columns were worked out from, if they share a scale: opposites
        that cancel out to 0 leave 1e-17 beside 0, which only shows beside the opposites.
        Otherwise each column is measured by its own values.
    """
    scale = values.abs().max() if largest is None else largest
    return values.max() - values.min() > _ROUNDING * scale


def without_even(values: pd.DataFrame, largest: float | None = None) -> pd.DataFrame:
    """Return values without those of columns that are not `uneven`; the columns stay."""
    # `where` along columns breaks in pandas 3.0.0.
    return values.loc[:, uneven(values, largest)].reindex(columns=values.columns)


def effective_weights(scores: Scores) -> pd.DataFrame:
    """Nominal and effective weight of every member within its layer (or the index).

    The importance of a member is its main effect on the layer, here in the linear form of Paruolo
    et al.: the squared Pearson correlation ``r^2``, the share of the layer's variance that the
    member alone would explain. Its effective weight is ``r^2 / sum r^2`` over the layer's members.

    Returns
    -------
    DataFrame
        By ``layer:ID`` and ``indicator:ID``: ``parent`` (``""`` is the index), ``nominal`` (share
        of the parent), ``correlation``, ``main_effect``, ``effective``, ``ratio`` (effective /
        nominal), ``reason`` if these are missing: "regions" (fewer than three have both values),
        "constant" (the member or its parent), "no effect" (all correlations are 0). A negative
        correlation works against the member's sense, whatever the square says.
    """
    parts = []
    for node in scores.plan.members:
        values = member_values(scores, node)
        if values.shape[1]:
            whole = scores.index if node == INDEX else scores.layers[node]
            parts.append(_effects(values, whole).assign(parent=node))
    table = pd.concat(parts)
    table["nominal"] = scores.plan.shares()["share_of_parent"]
    table["ratio"] = table["effective"] / table["nominal"]
    return table[
        ["parent", "nominal", "correlation", "main_effect", "effective", "ratio", "reason"]
    ]


def variance_shares(scores: Scores) -> pd.DataFrame:
    """Nominal weight in the index and share of its variance, of every scored indicator.

    ``cov(c_j, y) / var(y)`` with the contributions ``c_j`` that add up to the score y: the shares
    add up to 1 exactly, for every mean and with gaps (an absent indicator contributes 0). A
    negative share narrows the differences between regions.

    Returns
    -------
    DataFrame
        By indicator: ``nominal`` (share of the index), ``variance_share``, ``ratio``.

    Raises
    ------
    RecipeError
        If all regions have the same score, or only one has any.
    """
    known = scores.index.dropna()
    names = [key for key in scores.contributions if key in scores.plan.scored()]
    parts = scores.contributions.loc[known.index, names]
    if not uneven(known.to_frame(), parts.abs().sum(axis=1).max()).all():
        msg = "coherence: all regions have the same score, so there is no variance to divide."
        raise RecipeError(msg)
    centred = known - known.mean()
    share = parts.mul(centred, axis=0).sum() / (centred**2).sum()
    nominal = scores.plan.shares()["share_of_index"].reindex([f"indicator:{key}" for key in names])
    table = pd.DataFrame({"nominal": nominal.to_numpy(), "variance_share": share})
    table["ratio"] = table["variance_share"] / table["nominal"]
    return table.rename_axis("indicator")


def double_counting(scores: Scores, *, least: float = 0.9) -> pd.DataFrame:
    """Find groups of indicators so correlated that one fact is counted several times.

    Groups are formed by complete linkage: within a group every pair has a Pearson correlation of
    at least `least`; a pair without a correlation is never grouped.

    Returns
    -------
    DataFrame
        One row per grouped indicator: ``group`` (from 1, heaviest first), ``indicator``,
        ``layer``, ``share_of_index`` (its nominal share), ``group_share`` (of the group),
        ``factor`` (group share / largest single share: how many times the fact counts),
        ``lowest`` (correlation in the group). Empty if nothing is counted twice.
    """
    if not 0 < least <= 1:
        msg = f"coherence: double counting from {least:g}; a correlation in (0, 1] is needed."
        raise RecipeError(msg)
    names = [key for key in scores.normalised if key in scores.plan.scored()]
    matrix = scores.normalised[names].corr(min_periods=LEAST_REGIONS).to_numpy()
    shares = scores.plan.shares()["share_of_index"]
    groups = []
    for members in _cliques(matrix, least):
        weight = {names[i]: float(shares[f"indicator:{names[i]}"]) for i in members}
        whole = {
            "group_share": sum(weight.values()),
            "factor": sum(weight.values()) / max(weight.values()),
            "lowest": float(matrix[np.ix_(members, members)].min()),
        }
        table = pd.DataFrame({"indicator": weight.keys(), "share_of_index": weight.values()})
        groups.append(table.assign(**whole))
    groups.sort(key=lambda table: -float(table["group_share"].iloc[0]))
    columns = [
        "group", "indicator", "layer", "share_of_index", "group_share", "factor", "lowest"
    ]  # fmt: skip
    if not groups:
        return pd.DataFrame(columns=columns)
    table = pd.concat([table.assign(group=i) for i, table in enumerate(groups, 1)])
    layer = table["indicator"].map(scores.dataset.catalogue.layer_of)
    return table.assign(layer=layer)[columns].reset_index(drop=True)


def _counts(scores: Scores, node: str) -> bool:
    """Whether `node` and every layer above it has a weight."""
    layers = scores.dataset.catalogue.layer_by_id
    while node != INDEX:
        parent = layers[node].parent
        if not any(one.key == node and one.weight > 0 for one in scores.plan.members[parent]):
            return False
        node = parent
    return True


def _effects(values: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    joined = values.assign(whole=whole)
    joined = without_even(joined, joined.abs().max().max()).corr(min_periods=LEAST_REGIONS)
    correlation = joined["whole"].drop("whole")
    both = values.notna().mul(whole.notna(), axis=0).sum()
    effect = correlation**2
    # If all correlations are 0, nobody has any effect to share: 0 / 0 is missing.
    effective = effect / effect.sum()
    missing = [effective.notna(), both < LEAST_REGIONS, correlation.isna()]
    reason = np.select(missing, ["", "regions", "constant"], default="no effect")
    return pd.DataFrame({
        "correlation": correlation, "main_effect": effect, "effective": effective,
        "reason": reason,
    })  # fmt: skip


def _cliques(correlation: np.ndarray, least: float) -> list[list[int]]:
    """Find groups of two and more in which every pair reaches `least`."""
    if len(correlation) == 1:
        return []
    # Unknown correlations are put farther away than any known one can be.
    distance = np.nan_to_num(1 - correlation, nan=3.0)
    tree = linkage(squareform(distance, checks=False), method="complete")
    # Rounding must not part indicators that are exactly as correlated as asked.
    labels = fcluster(tree, t=1 - least + 1e-12, criterion="distance")
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    return [group for group in groups if len(group) > 1]
