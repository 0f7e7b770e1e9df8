"""Parts of the page of distributions: the answer in words, and the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.classes import classify, ramp
from geo.differences import CLASSES, classify_change
from layers.plain import plain
from layers.table import names
from views import store
from views.figures import Figure
from views.lens_words import recipe_name
from views.map_component import MISSING, OUTSIDE, MapPayload, choropleth, geometry_url
from views.parts.distribution_inputs import VIEWS, land_name, rule_name

if TYPE_CHECKING:
    from geo.classes import Ramp
    from layers.study.distribution import Distribution
    from views.frame import Scene
    from views.i18n import Words
    from views.map_component import MapClass
    from views.parts.distribution_inputs import Asked

__all__ = ["decimals_of", "in_words", "map_of"]

_HEIGHT = 620
#: Decimals of rates from so much upwards, and of those below.
_DECIMALS = ((1, 10), (2, 1))
_MOST_DECIMALS = 3
_MAP_TEXTS = ("loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset", "outside", "hint")
#: Class of a difference, from the lowest -> its label.
_LABELS = ("fell_much", "fell", "still", "rose", "rose_much")
#: What a region gets against the population, with its ramp of five colours and its place there.
_SIDES: dict[str, tuple[Ramp, int]] = {
    "fewer": ("difference", 0), "same": ("difference", 2), "open": ("certainty", 1),
    "more": ("difference", 4),
}  # fmt: skip


def in_words(found: Distribution, most: int | None, scene: Scene) -> None:
    """Say what the rule gives, how it differs, and how sure that is.

    Parameters
    ----------
    most : int or None
        People that the bounds can hold; None without a bound.
    """
    words, table = scene.words, found.regions
    lines = [_in_all(found, scene), *_compared(found, words)]
    if found.draws:
        counts = table["against_population"].value_counts()
        number = {key: words.number(counts.get(key, 0)) for key in ("more", "fewer", "open")}
        lines.append(words("distribution.sure", **number))
        if same := int(counts.get("same", 0)):
            lines[-1] += " " + words("distribution.sure_same", count=same)
    elif not found.rule.uses_score:
        lines.append(words("distribution.sure_not"))
    if found.rule.cap is not None and most is not None:
        lines.append(words(
            "distribution.cap_reached", cap=words.number(found.rule.cap, 1),
            full=int(table["at_bound"].sum()), most=words.number(most),
        ))  # fmt: skip
    if found.unscored:
        lines.append(words("distribution.unscored", count=len(found.unscored)))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _in_all(found: Distribution, scene: Scene) -> str:
    words, called = scene.words, names(scene.scores)
    per = found.regions["per_1000"].dropna()
    people = words.number(found.total)
    if per.empty:
        return words("distribution.total_plain", people=people, regions=len(found.regions))
    mean = 1_000 * found.total / int(found.regions["population"].sum())
    decimals = decimals_of(per)
    first, last = str(per.idxmax()), str(per.idxmin())
    if len(found.regions) == 1:
        return words("distribution.total_one", people=people, mean=words.number(mean, decimals),
                     high_name=called[first])  # fmt: skip
    return words(
        "distribution.total", people=people, regions=len(found.regions),
        mean=words.number(mean, decimals), high=words.number(per[first], decimals),
        high_name=called[first], low=words.number(per[last], decimals), low_name=called[last],
    )  # fmt: skip


def _compared(found: Distribution, words: Words) -> list[str]:
    """Say how far the distribution lies from that by population, and from the present one."""
    apart = found.distances.set_index(["first", "second"])["dissimilarity"]
    rule, now = apart["persons", "by_population"], apart["persons", "present"]
    lines = []
    if rule == 0:
        lines.append(words("distribution.apart_none"))
    elif pd.notna(rule):
        lines.append(words(
            "distribution.apart", share=words.percent(rule, 1),
            count=words.number(rule * found.total),
        ))  # fmt: skip
    if found.present is not None and pd.notna(now):
        share = words.percent(now, 1)
        lines.append(words("distribution.now", share=share, year=found.present.year))
    return lines


def map_of(found: Distribution, asked: Asked, scene: Scene) -> None:
    """Draw the choice of what the map shows, the map, and the words below it."""
    words = scene.words
    st.segmented_control(
        words("distribution.show"), VIEWS, key="distribution.view", required=True,
        format_func=lambda one: words(f"distribution_view.{one}"),
    )  # fmt: skip
    view = str(st.session_state["distribution.view"])
    every = scene.scores.index.index
    codes, classes, values = _classes(view, found, scene)
    inside = every.isin(found.regions.index)
    numbers = [
        int(code) if code >= 0 else (MISSING if kept else OUTSIDE)
        for code, kept in zip(codes.reindex(every, fill_value=-1), inside, strict=True)
    ]
    legend = words(f"distribution_legend.{view}")
    named = values.dropna().astype("float64")
    high, low = (
        "; ".join(names(scene.scores)[part.index])
        for part in (named.nlargest(3), named.nsmallest(3))
    )
    choropleth(MapPayload(
        geometry_url=geometry_url(store.drawing()), ids=list(every), classes=classes, cls=numbers,
        doubt=None, dim=[not kept for kept in inside], tips=_tips(found, scene),
        selected=scene.state.selected or None, title=words("distribution.map_title"),
        description=words("distribution.description", legend=legend, high=high, low=low),
        legend_title=legend, missing_label=words("map.missing"),
        missing_count=numbers.count(MISSING), doubt_label="",
        texts={one: words(f"map.{one}") for one in _MAP_TEXTS}
        | {"outside": words("distribution.tip_outside")}, height=_HEIGHT,
    ), key="distribution.map", on_select=_select)  # fmt: skip
    st.caption(_caption(asked, scene))


def _classes(
    view: str, found: Distribution, scene: Scene
) -> tuple[pd.Series, list[MapClass], pd.Series]:
    """Class of every region that takes part, the legend, and the values behind the classes."""
    if view == "rate":
        return _rates(found, scene)
    values = found.regions["difference_per_1000"]
    if view == "difference":
        return *_differences(values, scene.words), values
    return *_sides(found, scene.words), values


def _rates(
    found: Distribution, scene: Scene
) -> tuple[pd.Series, list[MapClass], pd.Series]:  # fmt: skip
    words, values = scene.words, found.regions["per_1000"]
    classes = classify(values, scene.state.scheme, scene.state.classes)
    shown = Figure(
        values=values, label=words("distribution.map_title"),
        legend=words("distribution_legend.rate"), decimals=decimals_of(values),
        classes=classes, colours=ramp("potential", len(classes.bounds)),
    )  # fmt: skip
    return classes.codes, shown.legend_entries(words), values


def _differences(values: pd.Series, words: Words) -> tuple[pd.Series, list[MapClass]]:
    codes, step = classify_change(values.astype("float64"))
    decimals = max(0, -int(f"{step:e}".partition("e")[2]))
    near, far = words.number(step, decimals), words.number(3 * step, decimals)
    colours = ramp("difference", CLASSES)
    return codes, [
        {"colour": colour, "label": words(f"distribution_class.{label}", near=near, far=far),
         "count": int((codes == place).sum())}
        for place, (label, colour) in enumerate(zip(_LABELS, colours, strict=True))
    ]  # fmt: skip


def _sides(found: Distribution, words: Words) -> tuple[pd.Series, list[MapClass]]:
    """More, fewer, or open: who gets what against the population, and whether that is sure."""
    said = found.regions["against_population"]
    kinds = [one for one in _SIDES if found.draws or one != "open"]
    if not (said == "same").any() and found.draws:
        kinds.remove("same")
    named = {
        kind: words(f"distribution_said.{kind}")
        if found.draws
        else words(f"distribution_against.{kind}")
        for kind in kinds
    }
    places = {kind: place for place, kind in enumerate(kinds)}
    return said.map(places).fillna(-1).astype(int), [
        {"colour": ramp(_SIDES[kind][0], CLASSES)[_SIDES[kind][1]], "label": named[kind],
         "count": int((said == kind).sum())}
        for kind in kinds
    ]  # fmt: skip


def _tips(found: Distribution, scene: Scene) -> list[list[str]]:
    words, called = scene.words, names(scene.scores)
    rows = found.regions.to_dict("index")
    decimals = decimals_of(found.regions["per_1000"])
    lines = []
    for key, name in called.items():
        row = rows.get(key)
        more = [words("distribution.tip_outside")] if row is None else _tip(row, decimals, words)
        lines.append([name, *more])
    return lines


def _tip(row: dict[Any, Any], decimals: int, words: Words) -> list[str]:
    persons = words.number(row["persons"])
    if pd.isna(row["persons_p05"]):
        lines = [words("distribution.tip_persons", persons=persons)]
    else:
        low, high = (words.number(row[key]) for key in ("persons_p05", "persons_p95"))
        lines = [words("distribution.tip_range", persons=persons, low=low, high=high)]
    if pd.notna(row["per_1000"]):
        lines.append(words("distribution.tip_per", per=words.number(row["per_1000"], decimals)))
    if pd.notna(row["by_population"]):
        usual = words.number(row["by_population"])
        lines.append(words("distribution.tip_population", persons=usual))
    return lines


def _caption(asked: Asked, scene: Scene) -> str:
    words, regions = scene.words, scene.dataset.regions
    if asked.rule.land:
        scope = ", ".join(land_name(one, scene) for one in asked.rule.land)
    else:
        scope = words(f"distribution_scope.{'selected' if asked.rule.selected else 'all'}")
    said = [rule_name(asked, scene), scope]
    if asked.rule.uses_score:
        said.append(plain(recipe_name(scene.scores, words)))
    if "population_year" in regions:
        said.append(words("distribution.population_of", year=int(regions["population_year"].max())))
    return " · ".join(said)


def decimals_of(rates: pd.Series) -> int:
    """Decimals of people per 1,000 inhabitants: three digits of the highest that count."""
    return next((few for few, least in _DECIMALS if rates.max() >= least), _MOST_DECIMALS)


def _select(region: str | None) -> None:
    st.session_state["selected"] = region
