"""Parts of the page of change: maps, who rose and fell, one region over the years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.classes import ramp
from geo.common_classes import classify_together
from geo.differences import CLASSES, classify_change
from layers.study.compare import CAUSES, movers
from layers.study.years import indicator_changes, leading_layers
from layers.table import names
from views import store
from views.charts import regions as region_charts
from views.charts import sketch
from views.charts.tables import html_table
from views.figures import decimals_for
from views.lens_words import recipe_name
from views.map_component import MISSING, OUTSIDE, MapPayload, choropleth, geometry_url
from views.search import search

if TYPE_CHECKING:
    from layers.recipe import Recipe
    from layers.study.years import YearChange
    from views.frame import Scene
    from views.i18n import Words
    from views.map_component import MapClass

__all__ = ["VIEWS", "availability", "map_and_movers", "one_region"]

#: What the map shows: difference in points, in places, or both years side by side.
VIEWS = ("points", "places", "both")
_MOVERS = 8
_MAP_TEXTS = ("loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset", "outside", "hint")
#: Class of a difference, from the lowest -> its label.
_LABELS = ("fell_much", "fell", "still", "rose", "rose_much")


def map_and_movers(found: YearChange, recipe: Recipe, scene: Scene) -> None:
    """Draw the map, and beside or below it who rose and fell most."""
    words = scene.words
    st.segmented_control(
        words("map.show"), VIEWS, key="change.view", required=True,
        format_func=lambda one: words(f"change_view.{one}"),
    )  # fmt: skip
    view = st.session_state["change.view"]
    if view == "both":
        _two_maps(found, scene)
        st.caption(_caption(found, scene))
        _summary(found, scene)
        _movers(found, recipe, scene)
        return
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _difference(found, view, scene)
        st.caption(_caption(found, scene))
    with right:
        _summary(found, scene)
    # With its causes the table is too wide to stand beside the map.
    with st.container() if len(found.comparison.differs) > 1 else right:
        _movers(found, recipe, scene)


def availability(found: YearChange, scene: Scene) -> None:
    """Table of all indicators with a weight: of which years their values are."""
    words, catalogue = scene.words, scene.dataset.catalogue
    years = found.shared.years
    table = found.panel.availability.set_index(["indicator", "year"])["year_used"]
    rows = []
    for key in (*found.shared.indicators, *found.shared.missing):
        used = [int(table.get((key, year), 0)) for year in (years[0], years[-1])]
        rows.append({
            words("panel.layer"): words.of(catalogue.layer_by_id[catalogue.layer_of[key]].name),
            words("panel.indicator"): words.of(catalogue.indicator_by_id[key].name),
            **{str(year): str(one) if one else "–"
               for year, one in zip((years[0], years[-1]), used, strict=True)},
            words("change.used"): key in found.shared.indicators,
        })  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("change.which_alt"))


def one_region(found: YearChange, recipe: Recipe, scene: Scene) -> None:
    """Line of the chosen region over the years, and its values in both."""
    words, labels = scene.words, store.labels()
    st.header(words("change.one"), anchor=False)
    region: Any = search(words)
    if not region:
        st.caption(words("change.one_hint"))
        return
    row = found.comparison.table.loc[region]
    if row["reason"]:
        st.info(words("change.one_missing", name=labels[region]))
    else:
        st.markdown(_one_in_words(row, labels[region], found, words))
        _line(region, labels[region], found, scene)
    _values(region, recipe, found, scene)


def _one_in_words(row: pd.Series, name: str, found: YearChange, words: Words) -> str:
    years = found.shared.years
    return words(
        "change.one_words", name=name, first=years[0], last=years[-1],
        before=words.number(row["before"], 1), after=words.number(row["after"], 1),
        rank_before=int(row["rank_before"]), rank_after=int(row["rank_after"]),
        change=words.signed(row["change"], 1),
    )  # fmt: skip


def _line(region: str, name: str, found: YearChange, scene: Scene) -> None:
    words = scene.words
    table = found.panel.table.dropna(subset=["score"])
    own = table[table["region"] == region].set_index("year")["score"]
    middle = table.groupby("year")["score"].median()
    rows = pd.concat([
        pd.DataFrame({"year": one.index, "value": one.to_numpy(), "who": who})
        for who, one in ((name, own), (words("change.middle"), middle))
    ])  # fmt: skip
    rows["text"] = [
        f"{who}, {year}: {words.number(value, 1)}"
        for who, year, value in zip(rows["who"], rows["year"], rows["value"], strict=True)
    ]
    sketch.show(
        region_charts.time_lines(rows, title=words("map.score"), words=words),
        alt=words("change.line_alt", name=name), key="line",
    )  # fmt: skip
    if len(found.shared.years) < found.shared.years[-1] - found.shared.years[0] + 1:
        st.caption(words("change.line_gaps", years=_listed(found.shared.years)))
    with st.expander(words("change.line_table")):
        ranks = table[table["region"] == region].set_index("year")["rank"]
        head = [words(f"change.{key}") for key in ("year", "score", "rank", "middle")]
        st.html(html_table(head, [
            [str(year), words.number(own[year], 1), words.number(ranks[year]),
             words.number(middle[year], 1)]
            for year in own.index
        ], label=words("change.line_table")))  # fmt: skip


def _values(region: str, recipe: Recipe, found: YearChange, scene: Scene) -> None:
    words, catalogue = scene.words, scene.dataset.catalogue
    table = indicator_changes(scene.dataset, recipe, region, found.shared)
    effects = {1.0: "better", -1.0: "worse", 0.0: "same"}
    years = found.shared.years
    rows = []
    for key, row in table.to_dict("index").items():
        one = catalogue.indicator_by_id[str(key)]
        rows.append([
            words.of(one.name), words.of(one.unit),
            *(f"{words.number(row[when], one.decimals)} ({row[f'year_{when}']})"
              for when in ("before", "after")),
            words.signed(row["change"], one.decimals),
            words(f"effect.{effects.get(row['effect'], 'gap')}"),
        ])  # fmt: skip
    head = [
        words("panel.indicator"), words("panel.unit"), str(years[0]), str(years[-1]),
        words("change.change"), words("change.effect"),
    ]  # fmt: skip
    with st.expander(words("change.values", name=names(scene.scores)[region]), expanded=True):
        label = words("change.values", name=names(scene.scores)[region])
        st.html(html_table(head, rows, label=label, texts=2))
        st.caption(words("change.values_note"))


def _chosen(found: YearChange, scene: Scene) -> pd.DataFrame:
    """Rows of the comparison that the selection keeps."""
    table = found.comparison.table
    return table[scene.scores.selected.reindex(table.index, fill_value=False)]


def _summary(found: YearChange, scene: Scene) -> None:
    words, years, table = scene.words, found.shared.years, _chosen(found, scene)
    st.markdown(words(
        "change.summary", first=years[0], last=years[-1], of=int(table["places"].notna().sum()),
        far=int((table["places"].abs() > _FAR).sum()), limit=_FAR,
        rho=words.number(found.comparison.spearman, 2),
    ))  # fmt: skip
    if len(found.comparison.differs) > 1:
        parts = [f"places_{cause}" for cause in CAUSES]
        mean = table[parts].abs().mean()
        st.markdown(words(
            "change.causes", data=words.number(mean["places_data"], 1),
            weights=words.number(mean["places_weights"], 1),
        ))  # fmt: skip


def _movers(found: YearChange, recipe: Recipe, scene: Scene) -> None:
    words, table = scene.words, _chosen(found, scene)
    moved = movers(replace(found.comparison, table=table), count=max(len(table), 1))
    leading = leading_layers(scene.dataset, recipe, found)
    for kind, rows in (
        ("risen", moved[moved["places"] > 0]),
        ("fallen", moved[moved["places"] < 0]),
    ):
        st.markdown(f"**{words(f'change.{kind}')}**")
        st.html(_movers_table(kind, rows.head(_MOVERS), leading, found, scene))
    st.caption(words("change.movers_note"))


#: Places from which a shift is called far: half a quarter of the Kreise.
_FAR = 50


def _movers_table(
    kind: str, rows: pd.DataFrame, leading: pd.Series, found: YearChange, scene: Scene
) -> str:
    words, labels = scene.words, names(scene.scores)
    layers = scene.dataset.catalogue.layer_by_id
    causes = [one for one in found.comparison.differs if len(found.comparison.differs) > 1]
    head = [
        words("table.name"), words("change.leading"), words("change.places"),
        words("change.ranks"), words("change.points"),
        *(words(f"cause.{cause}") for cause in causes),
    ]  # fmt: skip
    cells = [
        [
            name, words.of(layers[layer].name) if layer else words.number(None),
            words.signed(row["places"]), f"{int(row['rank_before'])} → {int(row['rank_after'])}",
            words.signed(row["change"], 1),
            *(words.signed(row[f"places_{cause}"]) for cause in causes),
        ]
        for name, layer, row in zip(
            labels[rows.index], leading[rows.index], rows.to_dict("records"), strict=True)
    ]  # fmt: skip
    return html_table(head, cells, label=words(f"change.{kind}"), texts=2)


def _difference(found: YearChange, view: str, scene: Scene) -> None:
    """Map of who rose and fell, on a ramp with a pale middle."""
    words, scores = scene.words, scene.scores
    column = "places" if view == "places" else "change"
    values = found.comparison.table[column].reindex(scores.index.index).astype("float64")
    codes, step = classify_change(values)
    decimals = max(0, -int(f"{step:e}".partition("e")[2]))
    near, far = words.number(step, decimals), words.number(3 * step, decimals)
    classes: list[MapClass] = [
        {"colour": colour, "label": words(f"change_class.{label}", near=near, far=far),
         "count": int((codes == place).sum())}
        for place, (label, colour) in enumerate(
            zip(_LABELS, ramp("difference", CLASSES), strict=True))
    ]  # fmt: skip
    legend = words(f"change_legend.{view}")
    named = values.set_axis(names(scores)).dropna()
    _draw(
        "change", codes, classes, found, scene, title=words("change.map_title"), legend=legend,
        description=words(
            "change.map_description", legend=legend,
            high="; ".join(map(str, named.nlargest(3).index)),
            low="; ".join(map(str, named.nsmallest(3).index)),
        ),
    )  # fmt: skip


def _two_maps(found: YearChange, scene: Scene) -> None:
    """Both years in the same classes, side by side."""
    words, state = scene.words, scene.state
    table, years = found.comparison.table, found.shared.years
    values = {"before": table["before"], "after": table["after"]}
    made = classify_together(values, state.scheme, state.classes)
    decimals = decimals_for(pd.concat(list(values.values())))
    columns = st.columns(2, gap="medium")
    for (key, classes), year, column in zip(
        made.items(), (years[0], years[-1]), columns, strict=True
    ):
        entries: list[MapClass] = [
            {"colour": colour, "count": count, "label": words(
                "map.bounds" if place else "map.bounds_first",
                low=words.number(low, decimals), high=words.number(high, decimals))}
            for place, (colour, (low, high), count) in enumerate(
                zip(ramp("potential", len(classes.bounds)), classes.bounds, classes.counts,
                    strict=True))
        ]  # fmt: skip
        with column:
            _draw(
                f"change.{key}", classes.codes.reindex(scene.scores.index.index), entries, found,
                scene, title=words("change.map_year", year=year), legend=words("map.score"),
                description=words("change.map_year_description", year=year),
            )  # fmt: skip


def _draw(
    key: str, codes: pd.Series, classes: list[MapClass], found: YearChange, scene: Scene, *,
    title: str, legend: str, description: str,
) -> None:  # fmt: skip
    words, scores = scene.words, scene.scores
    inside = scores.reason != "outside"
    numbers = [
        int(code) if code >= 0 else (MISSING if kept else OUTSIDE)
        for code, kept in zip(codes, inside, strict=True)
    ]
    choropleth(MapPayload(
        geometry_url=geometry_url(store.drawing()), ids=list(scores.index.index),
        classes=classes, cls=numbers, doubt=None, dim=[not kept for kept in scores.selected],
        tips=_tips(found, scene), selected=scene.state.selected or None, title=title,
        description=description, legend_title=legend, missing_label=words("map.missing"),
        missing_count=numbers.count(MISSING), doubt_label="",
        texts={one: words(f"map.{one}") for one in _MAP_TEXTS},
    ), key=key, on_select=_select)  # fmt: skip


def _tips(found: YearChange, scene: Scene) -> list[list[str]]:
    words, table = scene.words, found.comparison.table.reindex(scene.scores.index.index)
    years = found.shared.years
    lines = []
    for name, row in zip(names(scene.scores), table.to_dict("records"), strict=True):
        if row["reason"] or pd.isna(row["change"]):
            lines.append([name, words("map.tip_none")])
            continue
        lines.append([name, *(
            words("change.tip_year", year=year, score=words.number(row[when], 1),
                  rank=int(row[f"rank_{when}"]))
            for year, when in ((years[0], "before"), (years[-1], "after"))
        ), words("change.tip_change", points=words.signed(row["change"], 1),
                 places=words.signed(row["places"]))])  # fmt: skip
    return lines


def _caption(found: YearChange, scene: Scene) -> str:
    words, years = scene.words, found.shared.years
    base = "pooled" if found.panel.base == "pooled" else "first"
    scope = scene.scores.recipe.reference.set
    return " · ".join([
        recipe_name(scene.scores, words), f"{years[0]} – {years[-1]}",
        words(f"change_scale.{base}", count=len(years), first=years[0]),
        words(f"map.caption_{scope}", of=int(found.comparison.table["after"].notna().sum())),
        words("change.caption_used", share=words.percent(found.shared.share)),
    ])  # fmt: skip


def _listed(years: tuple[int, ...]) -> str:
    return ", ".join(map(str, years))


def _select(region: str | None) -> None:
    st.session_state["selected"] = region
