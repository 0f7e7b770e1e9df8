"""Report on several people's weightings: what they want, and which regions that means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from layers.study.group import AGREED, group
from layers.study.persons import group_recipe, persons
from layers.study.reports.report import assemble, number, percent, sentence, with_names
from layers.table import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from layers.catalogue import Text
    from layers.recipe import Recipe
    from layers.score import Scores
    from layers.study.group import Group
    from layers.study.persons import Persons
    from layers.study.reports.report import Report

__all__ = ["report_group"]

#: Regions per person and side in the table of movers.
_MOVERS = 5


def report_group(
    voices: Mapping[str, Scores] | Iterable[tuple[str, Scores]], *, lens: str | None = None,
    agreed: float = AGREED,
) -> Report:  # fmt: skip
    """Run `layers.study.group.group` and `layers.study.persons.persons`.

    Tables: ``group`` (one row per region), ``layers`` and ``indicators`` (shares over the people,
    directions), ``persons`` (what each one changes), ``differences`` (each one's layers against the
    others), ``person_movers`` (regions that each one would move), and by person ``shares``,
    ``indicator_shares`` and ``ranks``. The recipe of the report is that of the group, with its
    members.

    Parameters
    ----------
    voices : mapping, or pairs
        Person -> scores under that person's weights. Selection and method are those of the first.
    lens : str, optional
        Grouping in which shares are compared; that of the first person if not given.
    agreed : float
        Range of ranks, relative to the regions ranked, up to which people count as agreed.

    Raises
    ------
    RecipeError
        If there are fewer than two people or they rank different regions.
    """
    kept: list[Scores] = []
    recipes: list[Recipe] = []
    pairs = voices.items() if hasattr(voices, "items") else voices
    found = group(_noting(pairs, kept, recipes), lens=lens)
    scores = kept[0]
    grouping = scores.recipe.lens if lens is None else lens
    recipe = scores.recipe.model_copy(update={"lens": grouping})
    each = persons(scores.dataset, recipe, found)
    name = sentence("group_name", people=found.people)
    carried = replace(each.group, recipe=group_recipe(recipe, found, recipes, name))
    words = [*_words(found), *_more_words(found, each, agreed)]
    settings = {"people": found.people, "agreed": agreed}
    return assemble("group", _tables(found, each, scores, agreed), words, carried,
                    settings=settings)  # fmt: skip


def _noting(
    pairs: Iterable[tuple[str, Scores]], kept: list[Scores], recipes: list[Recipe]
) -> Iterator[tuple[str, Scores]]:
    """Pass people on one by one; of their scores only the first are held."""
    for name, one in pairs:
        if not kept:
            kept.append(one)
        recipes.append(one.recipe)
        yield name, one


def _tables(found: Group, each: Persons, scores: Scores, agreed: float) -> dict[str, pd.DataFrame]:
    regions = found.regions.assign(
        rank_group=each.group.ranks, agreed=found.regions["range"].le(found.limit(agreed))
    )
    layers = found.layers.members.join(found.turned()).rename_axis("layer").reset_index()
    return {
        "group": with_names(regions, scores)[scores.selected.to_numpy()],
        "layers": layers.astype({"usual": "Int64", "turned": "Int64"}),
        "indicators": found.indicators.rename_axis("indicator").reset_index(),
        "persons": each.without.assign(outside=found.wishes.outside).rename_axis("person")
        .reset_index(),
        "differences": _long(each.layers.T, "layer", "difference"),
        "person_movers": _movers(each, scores),
        "shares": _long(found.shares.T, "layer", "share"),
        "indicator_shares": _readings(found),
        "ranks": _long(found.ranks, "region", "rank"),
    }  # fmt: skip


def _long(table: pd.DataFrame, key: str, value: str) -> pd.DataFrame:
    """One row per region or layer and person: names of people are no column names."""
    wide = table.rename_axis(key).reset_index()
    return wide.melt(key, var_name="person", value_name=value)


def _readings(found: Group) -> pd.DataFrame:
    shares = _long(found.wishes.indicators.T, "indicator", "share")
    return shares.assign(direction=_long(found.wishes.directions.T, "indicator", "d")["d"])


def _movers(each: Persons, scores: Scores) -> pd.DataFrame:
    called = names(scores)
    rows = [
        (person, region, called[str(region)], int(places))
        for person in map(str, each.moves)
        for side in (each.rises, each.falls)
        for region, places in side(person, _MOVERS).items()
    ]
    return pd.DataFrame(rows, columns=["person", "region", "name", "places"])


def _words(found: Group) -> list[Text]:
    members = found.layers.members
    widest = str((members["highest"] - members["lowest"]).idxmax())
    low, high = (float(members[key].to_dict()[widest]) for key in ("lowest", "highest"))
    layer = found.wishes.catalogue.layer_by_id[widest].name
    said = [
        sentence("group_quarter", people=found.people, always=len(found.always()),
                 never=len(found.never())),
        sentence("group_layer", layer=layer, lowest=percent(low),
                 highest=percent(high)),
    ]  # fmt: skip
    catalogue = found.wishes.catalogue
    turned = found.turned()
    said += [
        sentence("group_turned", layer=catalogue.layer_by_id[str(key)].name,
                 usual=int(row["usual"]), turned=int(row["turned"]))
        for key, row in turned.iterrows()
    ]  # fmt: skip
    opposed = found.opposed()
    return said + [
        sentence("group_opposed", indicator=catalogue.indicator_by_id[str(key)].name,
                 up=int(row["up"]), down=int(row["down"]))
        for key, row in opposed[~opposed["layer"].isin(turned.index)].iterrows()
    ]  # fmt: skip


def _more_words(found: Group, each: Persons, agreed: float) -> list[Text]:
    said = [
        sentence("group_agreed", count=len(found.agreed(agreed)), limit=found.limit(agreed),
                 share=percent(agreed)),
    ]  # fmt: skip
    if found.kendall_w is not None:
        said.append(
            sentence("group_concordance", w=number(found.kendall_w),
                     chance=number(found.chance_w), people=found.people)
        )  # fmt: skip
    if found.layers.kendall_w is not None:
        said.append(sentence("group_layer_order", w=number(found.layers.kendall_w)))
    person = str(each.without["places"].idxmax())
    places = float(each.without["places"].max())
    said.append(sentence("group_most", person=person, places=number(places, 1)))
    outside = found.wishes.outside
    said += [
        sentence("group_outside", person=str(name), share=percent(float(share)))
        for name, share in outside[outside > 0].items()
    ]
    return said
