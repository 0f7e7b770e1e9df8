"""Report on several people's weightings: what they want, and which regions that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.study.group import group
from layers.study.reports.report import assemble, percent, sentence, with_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from layers.catalogue import Text
    from layers.score import Scores
    from layers.study.group import Group
    from layers.study.reports.report import Report

__all__ = ["report_group"]


def report_group(voices: Mapping[str, Scores]) -> Report:
    """Run `layers.study.group.group`.

    Tables: ``group`` (one row per region), ``layers`` (shares of the layers over the people),
    ``shares`` (share of every layer by person), ``ranks`` (rank of every region by person).

    Parameters
    ----------
    voices : mapping
        Person -> scores under that person's weights.

    Raises
    ------
    RecipeError
        If there are fewer than two people or they rank different regions.
    """
    found = group(voices)
    scores = list(voices.values())
    tables = {
        "group": with_names(found.regions, scores[0])[scores[0].selected.to_numpy()],
        "layers": found.layers.members.rename_axis("layer").reset_index(),
        "shares": _long(found.shares.T, "layer", "share"),
        "ranks": _long(found.ranks, "region", "rank"),
    }
    recipes = {name: one.recipe.to_dict() for name, one in voices.items()}
    return assemble("group", tables, _words(found, scores[0]), *scores, settings=recipes)


def _long(table: pd.DataFrame, key: str, value: str) -> pd.DataFrame:
    """One row per region or layer and person: names of people are no column names."""
    wide = table.rename_axis(key).reset_index()
    return wide.melt(key, var_name="person", value_name=value)


def _words(found: Group, scores: Scores) -> list[Text]:
    members = found.layers.members
    widest = str((members["highest"] - members["lowest"]).idxmax())
    low, high = (float(members[key].to_dict()[widest]) for key in ("lowest", "highest"))
    layer = scores.dataset.catalogue.layer_by_id[widest].name
    return [
        sentence("group_quarter", people=found.people, always=len(found.always()),
                 never=len(found.never())),
        sentence("group_layer", layer=layer, lowest=percent(low),
                 highest=percent(high)),
    ]  # fmt: skip
