"""Report on weights: those from data and from people beside the given ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import INDEX, Text
from layers.errors import RecipeError
from layers.study.influence import member_values
from layers.study.reports.report import assemble, number, sentence
from layers.weighting.data_weights import METHODS, data_weights
from layers.weighting.judgement import budget, pairwise

if TYPE_CHECKING:
    from layers.score import Scores
    from layers.study.reports.report import Report
    from layers.weighting.data_weights import DataWeights

__all__ = ["report_weights"]

_METHODS = ["node", "method", "regions", "left_out", "reason"]
_DETAILS = ["node", "method", "member", "measure", "value"]


def report_weights(
    scores: Scores, *, node: str | None = None, comparisons: pd.DataFrame | None = None,
    budgets: pd.DataFrame | None = None, total: float = 100.0,
) -> Report:  # fmt: skip
    """Compute every data-driven weighting of every node, and people's for one, beside the given.

    Tables: ``weights`` (one row per node and member, one column per method, missing where a
    method refuses), ``methods`` (regions used, and why one refuses), ``details`` (what the weights
    rest on); with `comparisons` ``pairwise``, with `budgets` ``people``.

    Parameters
    ----------
    node : str, optional
        A layer, ``"index"`` for the layers below the index, or None: all nodes for the data's
        weights, the index for people's.
    comparisons : DataFrame, optional
        Pairwise comparisons of the node's members, see `layers.weighting.judgement.pairwise`.
    budgets : DataFrame, optional
        People x members, points that add up to `total`.

    Raises
    ------
    RecipeError
        If the node is unknown or holds nothing scored, or people's judgements make no sense.
    """
    nodes = _nodes(scores, node)
    judged = INDEX if node is None else nodes[0]
    values = {one: member_values(scores, one) for one in nodes}
    found = {one: _every_method(table) for one, table in values.items()}
    weights = pd.concat([_given(scores, one).join(_columns(found[one])) for one in nodes])
    tables = {"weights": weights, "methods": _methods(found), "details": _details(found)}
    words = [sentence("weights_beside")]
    words += _refusals(tables["methods"])
    people: dict[str, pd.Series] = {}
    if comparisons is not None:
        wanted = _matched(comparisons, list(values[judged].columns), "pairwise", both=True)
        result = pairwise(wanted)
        people["pairwise"] = result.weights
        worst = result.worst or ("", "")
        tables["pairwise"] = pd.DataFrame([{
            "node": _shown(judged), "eigenvalue": result.eigenvalue,
            "consistency_index": result.consistency_index,
            "consistency_ratio": result.consistency_ratio, "consistent": result.consistent,
            "worst_a": worst[0], "worst_b": worst[1], "implied": result.implied,
        }])  # fmt: skip
        key = "pairwise_consistent" if result.consistent else "pairwise_inconsistent"
        words.append(sentence(key, ratio=number(result.consistency_ratio), a=worst[0], b=worst[1],
                              implied=number(result.implied)))  # fmt: skip
    if budgets is not None:
        shared = budget(_matched(budgets, list(values[judged].columns), "budget"), total=total)
        people["budget"] = shared.weights
        tables["people"] = shared.members.rename_axis("member").reset_index()
        agreement = "–" if shared.kendall_w is None else number(shared.kendall_w)
        words.append(sentence("budget_agreement", people=shared.people, w=agreement))
    rows = weights["node"] == _shown(judged)
    for method, judgement in people.items():
        weights[method] = pd.Series(judgement.reindex(weights.index)).where(rows)
    tables["weights"] = weights.rename_axis("member").reset_index()
    settings = {"node": "all" if node is None else node, "total": total}
    return assemble("weights", tables, words, scores, settings=settings)


def _nodes(scores: Scores, node: str | None) -> list[str]:
    scored = [one for one in scores.plan.members if member_values(scores, one).shape[1]]
    ordered = sorted(scored, key=lambda one: one != INDEX)
    if node is None:
        return ordered
    wanted = INDEX if node == "index" else node.removeprefix("layer:")
    if wanted not in ordered:
        allowed = ", ".join(map(_shown, ordered))
        msg = f"weights: '{node}' is no layer with scored members; allowed: {allowed}."
        raise RecipeError(msg)
    return [wanted]


def _shown(node: str) -> str:
    return node or "index"


def _every_method(values: pd.DataFrame) -> dict[str, DataWeights | str]:
    """Return the result of each method, or why it refuses."""
    found: dict[str, DataWeights | str] = {}
    for method in METHODS:
        try:
            found[method] = data_weights(values, method)
        except RecipeError as refusal:
            found[method] = str(refusal)
    return found


def _given(scores: Scores, node: str) -> pd.DataFrame:
    members = member_values(scores, node).columns
    shares = scores.plan.shares()["share_of_parent"].reindex(members)
    return pd.DataFrame({"node": _shown(node), "given": shares}, index=members)


def _columns(found: dict[str, DataWeights | str]) -> pd.DataFrame:
    return pd.DataFrame({
        method: one.weights if not isinstance(one, str) else pd.Series(dtype=float)
        for method, one in found.items()
    })  # fmt: skip


def _methods(found: dict[str, dict[str, DataWeights | str]]) -> pd.DataFrame:
    rows = [
        (_shown(node), method, pd.NA, pd.NA, one) if isinstance(one, str)
        else (_shown(node), method, one.regions, one.left_out, "")
        for node, methods in found.items() for method, one in methods.items()
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=_METHODS)
    return table.astype({"regions": "Int64", "left_out": "Int64"})


def _details(found: dict[str, dict[str, DataWeights | str]]) -> pd.DataFrame:
    """Diagnostics by member, and with an empty member those of the whole node."""
    rows: list[tuple[str, str, str, str, float]] = []
    for node, methods in found.items():
        for method, one in methods.items():
            if isinstance(one, str):
                continue
            head = (_shown(node), method)
            rows += [(*head, "", measure, value) for measure, value in one.facts.items()]
            rows += [
                (*head, str(member), str(measure), float(value))
                for measure, column in one.members.items() for member, value in column.items()
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=_DETAILS).astype({"value": float})


def _refusals(methods: pd.DataFrame) -> list[Text]:
    refused = methods[methods["reason"] != ""]
    nodes = refused.groupby("method", sort=False)["node"].agg(", ".join)
    return [sentence("weights_refused", method=key, nodes=node) for key, node in nodes.items()]


def _matched(
    table: pd.DataFrame, members: list[str], what: str, *, both: bool = False
) -> pd.DataFrame:
    """Write members as the plan does (``layer:ID``), check that all are there, and order them."""
    known = {key.partition(":")[2]: key for key in members} | {key: key for key in members}
    renamed = table.rename(columns=lambda name: known.get(str(name).strip(), str(name)))
    if both:
        renamed = renamed.rename(index=lambda name: known.get(str(name).strip(), str(name)))
    for axis in [renamed.columns, renamed.index] if both else [renamed.columns]:
        if sorted(map(str, axis)) != sorted(members):
            given, wanted = ", ".join(map(str, axis)), ", ".join(members)
            msg = f"{what}: the members are {given}; each of these once is needed: {wanted}."
            raise RecipeError(msg)
    return renamed.loc[members, members] if both else renamed[members]
