"""Pictures of one indicator beside its map: its distribution, and its course over the years."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from layers.study.reading import course, histogram, over_years, spread
from layers.table import names
from views.charts import sketch
from views.charts.sketch import Sketch, place, rows

if TYPE_CHECKING:
    from views.figures import Figure
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["distribution", "years"]

_HEIGHT = 230
#: Of the strip of classes below the bars, in pixels, and its distance from them.
_STRIP, _BELOW = 10, 4
#: What is told of the regions of a year.
_MIDDLE = ("median", "quarter", "three_quarters")


def distribution(key: str, shown: Figure, scene: Scene) -> None:
    """Draw how many regions have which values."""
    words, found = scene.words, spread(shown.values)
    name, unit = _called(key, scene)
    st.markdown(f"#### {words('indicators.distribution')}")
    region = scene.state.selected
    own = shown.values[region] if region else float("nan")
    bars = histogram(shown.values)
    bars["told"] = [
        words("map.bounds_first", low=shown.write(low, words), high=shown.write(high, words))
        for low, high in zip(bars["low"], bars["high"], strict=True)
    ]
    tables = {"bars": bars, "classes": _classes(shown, words), "median": _at(found.median)}
    if pd.notna(own):
        tables["own"] = _at(own)
    told = {
        one: shown.write(getattr(found, one), words)
        for one in ("median", "quarter", "three_quarters", "lowest", "highest")
    }
    sketch.show(
        _distribution(with_own="own" in tables).filled(
            words, tables, unit=unit, count=words("indicators.regions"),
            of_class=words("indicators.class"),
        ),
        height=_HEIGHT, alt=words("indicators.distribution_alt", name=name, **told),
    )  # fmt: skip
    notes = [words("indicators.distribution_note", median=told["median"])]
    if pd.notna(own):
        notes.append(words(
            "indicators.distribution_note_selected", name=names(scene.scores)[region],
            value=shown.write(own, words),
        ))  # fmt: skip
    st.caption(" ".join(notes))


@cache
def _distribution(*, with_own: bool) -> Sketch:
    unit, count = place("unit"), place("count")
    x = alt.X("low:Q", title=unit, axis=alt.Axis(grid=False, offset=_BELOW + _STRIP),
              scale=alt.Scale(zero=False))  # fmt: skip
    picture = alt.Chart(rows("bars")).mark_bar(
        color=place("accent"), opacity=0.75, binSpacing=1
    ).encode(
        x=x.bin("binned"), x2="high:Q",
        y=alt.Y("regions:Q", title=count, axis=alt.Axis(grid=False, tickMinStep=1)),
        tooltip=[alt.Tooltip("told:N", title=unit), alt.Tooltip("regions:Q", title=count)],
    )  # fmt: skip
    layers = [picture, _strip(), _rule("median", [])]
    if with_own:
        layers.append(_rule("own", [5, 4]))
    return Sketch.of(alt.layer(*layers), view=alt.ViewConfig(stroke=None))


def _classes(shown: Figure, words: Words) -> pd.DataFrame:
    """Classes of the map, one a row."""
    return pd.DataFrame(
        [
            {"low": low, "high": high, "colour": colour, "told": entry["label"]}
            for (low, high), colour, entry in zip(
                shown.classes.bounds, shown.colours, shown.legend_entries(words), strict=True
            )
        ]
    )


def _strip() -> alt.Chart:
    """Colours of the map's classes along the axis."""
    bottom = alt.value("height")
    strip: alt.Chart = alt.Chart(rows("classes")).mark_rect(
        clip=False, yOffset=_BELOW, y2Offset=_BELOW + _STRIP
    ).encode(
        x="low:Q", x2="high:Q", y=bottom, y2=bottom, color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("told:N", title=place("of_class"))],
    )  # fmt: skip
    return strip


def _at(value: float) -> pd.DataFrame:
    """Where a rule stands."""
    return pd.DataFrame({"low": [value]})


def _rule(where: str, dash: list[int]) -> alt.Chart:
    rule = alt.Chart(rows(where)).mark_rule(
        color=place("ink"), strokeDash=dash, strokeWidth=1.5
    )  # fmt: skip
    placed: alt.Chart = rule.encode(x="low:Q")
    return placed


def years(key: str, shown: Figure, scene: Scene) -> None:
    """Draw median and middle half of all regions over the years, and the selected region."""
    words, (name, unit) = scene.words, _called(key, scene)
    st.markdown(f"#### {words('indicators.course')}")
    table = over_years(scene.dataset, key)
    known = table["median"].dropna()
    if len(known) < 2:  # noqa: PLR2004 -- one year is no course
        st.caption(words("indicators.course_single", year=scene.scores.years[key]))
        return
    region = scene.state.selected
    own = course(scene.dataset, key, region) if region else pd.Series(dtype="float64")
    first, last = known.index[0], known.index[-1]
    told = words(
        "indicators.course_alt", first=first, first_value=shown.write(known[first], words),
        last=last, last_value=shown.write(known[last], words),
    )  # fmt: skip
    tables = {"all": _median(table, shown, words)}
    if len(own):
        tables["own"] = _own(own, shown, words)
    sketch.show(
        _years(with_own="own" in tables).filled(
            words, tables, unit=unit, name=name, year=words("indicators.year"),
            **{one: words(f"indicators.{one}") for one in _MIDDLE},
        ),
        height=_HEIGHT, alt=told,
    )  # fmt: skip
    notes = [words("indicators.course_note")]
    if len(own):
        who = names(scene.scores)[region]
        notes.append(words("indicators.course_note_selected", name=who))
    st.caption(" ".join([*notes, *_origins(table, scene)]))


@cache
def _years(*, with_own: bool) -> Sketch:
    """Band of the middle half, the median, and perhaps a line of one region."""
    base, accent = alt.Chart(rows("all")), place("accent")
    tooltip = [
        _year_told(),
        *(alt.Tooltip(f"{one}_told:N", title=place(one)) for one in _MIDDLE),
    ]
    y = alt.Y(
        "quarter:Q", title=place("unit"), scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)
    )
    layers = [
        base.mark_area(color=accent, opacity=0.22).encode(
            x=_year_axis(), y=y, y2="three_quarters:Q"
        ),
        base.mark_line(color=accent, point={"color": accent, "size": 22}).encode(
            x=_year_axis(), y="median:Q", tooltip=tooltip
        ),
    ]
    if with_own:
        layers.append(_own_line())
    return Sketch.of(alt.layer(*layers), view=alt.ViewConfig(stroke=None))


def _own_line() -> alt.Chart:
    ink = place("ink")
    line: alt.Chart = alt.Chart(rows("own")).mark_line(
        color=ink, strokeDash=[5, 4], strokeWidth=1.5, point={"color": ink, "size": 14}
    ).encode(
        x=_year_axis(), y="own:Q",
        tooltip=[_year_told(), alt.Tooltip("told:N", title=place("name"))],
    )  # fmt: skip
    return line


def _median(table: pd.DataFrame, shown: Figure, words: Words) -> pd.DataFrame:
    """Middle half and median of every year."""
    middle = table.dropna().reset_index()
    for one in _MIDDLE:
        middle[f"{one}_told"] = [shown.write(value, words) for value in middle[one]]
    return middle


def _own(own: pd.Series, shown: Figure, words: Words) -> pd.DataFrame:
    """Course of the selected region."""
    values = own.rename("own").rename_axis("year").reset_index()
    values["told"] = [shown.write(value, words) for value in values["own"]]
    return values


def _year_axis() -> alt.X:
    axis = alt.Axis(format="d", tickMinStep=1, grid=False, tickCount=8)
    return alt.X("year:Q", title=None, scale=alt.Scale(zero=False, nice=False), axis=axis)


def _year_told() -> alt.Tooltip:
    return alt.Tooltip("year:Q", title=place("year"), format="d")


def _origins(table: pd.DataFrame, scene: Scene) -> list[str]:
    """Tell of breaks that the picture does not show: other sources, years of too few values."""
    words, notes = scene.words, []
    sources = table["source"].groupby(table["source"], sort=False).groups
    if len(sources) > 1:
        told = "; ".join(
            f"{_span(list(years))}: {words.of(scene.dataset.sources[str(key)].title)}"
            for key, years in sources.items()
        )
        notes.append(words("indicators.course_sources", count=len(sources), listed=told))
    thin = table.index[table["median"].isna()]
    if len(thin):
        notes.append(words("indicators.course_thin", years=", ".join(map(str, thin))))
    return notes


def _span(years: list[int]) -> str:
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def _called(key: str, scene: Scene) -> tuple[str, str]:
    one = scene.dataset.catalogue.indicator_by_id[key]
    return scene.words.of(one.name), scene.words.of(one.unit)
