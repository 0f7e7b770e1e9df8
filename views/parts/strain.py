"""Part of the profile page: services beside newcomers, in words, as a picture, over the years.

What it shows is computed in `layers.study.strain`; a dataset without such data shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from layers.study.strain import THIRDS, counts, measures, standing
from layers.study.strain_pace import pace
from views import store
from views.charts import sketch
from views.charts import strain as charts
from views.charts.tables import html_table
from views.parts.profile_words import flag_words
from views.parts.strain_words import (
    as_of,
    confirmed,
    look,
    measure_value,
    pace_words,
    place,
    places,
    replaced,
)

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.study.strain import Standing, Third
    from layers.study.strain_services import Service
    from views.frame import Scene
    from views.parts.strain_words import Look, Place

__all__ = ["show"]

_SERVICE, _ARRIVED = "profile.service", "profile.arrived"
#: Columns of `layers.study.strain_pace.pace`.
_YEARS, _ENDS = ("first", "first_end", "last_begin", "last"), ("before", "after")
#: Side, kind of mark or third -> its words.
_AXES = {"newcomers": "axis_newcomers", "supply": "axis_supply"}
_SIDES = {"newcomers": "side_newcomers", "supply": "side_supply"}
_WHO = {"land": "who_land", "type": "who_type", "other": "who_other"}
_THIRDS = {"low": "third_low", "middle": "third_middle", "high": "third_high"}
_COLUMNS = {"low": "newcomers_low", "middle": "newcomers_middle", "high": "newcomers_high"}
_ROWS = {"high": "supply_high", "middle": "supply_middle", "low": "supply_low"}


def show(region: str, scene: Scene) -> dict[str, str]:
    """Draw the block.

    Returns
    -------
    dict of str
        What the page's link has to remember: ``srv`` and ``new``, where not the usual ones.
    """
    dataset, year = scene.scores.dataset.plain, scene.scores.recipe.year_limit
    found = _standing(str(dataset.path), dataset.version, year, dataset)
    seen = look(region, scene.scores, scene.words, found)
    if not seen.found.services:
        return {}
    words = scene.words
    st.header(words("strain.heading"), anchor=False)
    st.markdown(words("strain.lead", name=seen.name))
    st.html(_summary(seen))
    st.markdown(f"{as_of(seen)} {replaced(seen)}")
    st.caption(words("strain.note"))
    service, arrived = _choice(seen, scene)
    _picture(place(seen, service, arrived), seen)
    _over_years(service, arrived, seen)
    st.markdown(words("strain.not_told", gap=words.of(service.gap)))
    _details(service, seen)
    return _link(service, arrived, seen)


@store.kept(most=8)
def _standing(
    folder: str, version: str, year: int | None, _dataset: Dataset  # noqa: ARG001 -- the cache's
) -> Standing:  # fmt: skip
    """Every region's place in every measure, which no weight changes."""
    return standing(_dataset, year)


def _summary(seen: Look) -> str:
    """One row per service."""
    words = seen.words
    rows = [
        [
            words.of(one.service.name), one.told, words.percent(one.supply["percentile"] / 100),
            words.percent(one.newcomers["percentile"] / 100), confirmed(seen, one),
        ]
        for one in places(seen)
    ]  # fmt: skip
    columns = ("service", "in_words", "supplied", "arrived", "same")
    head = [words(f"strain.{column}") for column in columns]
    return html_table(head, rows, label=words("strain.heading"), texts=2)


def _choice(seen: Look, scene: Scene) -> tuple[Service, str]:
    """Let a service and a measure of newcomers be chosen of which the region has a value."""
    words, found = seen.words, seen.found
    ids = [one.id for one in found.services]
    left, right = st.columns(2, gap="large")
    _settle(_SERVICE, "srv", ids, scene)
    key: str = left.selectbox(
        words("strain.choose"), ids, key=_SERVICE,
        format_func=lambda one: words.of(found.service(one).name),
    )  # fmt: skip
    service = found.service(key)
    offered = _offered(service, seen)
    # A widget for each service, as each has a usual measure of its own.
    _settle(f"{_ARRIVED}.{key}", "new", offered, scene)
    arrived: str = right.selectbox(
        words("strain.measured"), offered, key=f"{_ARRIVED}.{key}", format_func=seen.called
    )
    return service, arrived


def _offered(service: Service, seen: Look) -> list[str]:
    own = seen.found.values.loc[seen.region]
    return [key for key in service.newcomers if pd.notna(own[key])] or list(service.newcomers)


def _settle(widget: str, key: str, allowed: list[str], scene: Scene) -> None:
    """Give a widget the linked value when the page is entered, and never one that is not there."""
    session = st.session_state
    asked = scene.own.get(key, "") if scene.arrived else session.get(widget, "")
    session[widget] = asked if asked in allowed else allowed[0]


def _link(service: Service, arrived: str, seen: Look) -> dict[str, str]:
    return {
        "srv": "" if service.id == seen.found.services[0].id else service.id,
        "new": "" if arrived == _offered(service, seen)[0] else arrived,
    }


def _picture(one: Place, seen: Look) -> None:
    words, found = seen.words, seen.found
    supply, arrived = one.supply["indicator"], one.newcomers["indicator"]
    st.subheader(words("strain.picture", name=seen.name), anchor=False)
    fields = counts(found, supply, arrived)
    service = words.of(one.service.name)
    if one.is_known:
        cell = one.told[:1].upper() + one.told[1:]
        said = words(
            "strain.picture_said", service=service, cell=one.told, name=seen.name,
            count=fields[one.supply["third"], one.newcomers["third"]], of=sum(fields.values()),
        )  # fmt: skip
    else:
        cell, said = "", words("strain.picture_gap", service=service, name=seen.name)
    st.markdown(said)
    if one.newcomers["far"]:
        st.info(words("strain.far", value=seen.written(one.newcomers),
                      indicator=seen.called(arrived), year=one.newcomers["year"]))  # fmt: skip
    left, right = st.columns([3, 2], gap="large")
    with left:
        _scatter(one, cell, seen)
    with right:
        st.html(_fields(one, fields, seen))
        st.caption(words("strain.fields_note", name=seen.name))


def _scatter(one: Place, cell: str, seen: Look) -> None:
    words = seen.words
    about = {
        side: {"name": seen.called(row["indicator"]), "year": row["year"]}
        for side, row in (("supply", one.supply), ("newcomers", one.newcomers))
    }
    across, along = (words(f"strain.{key}", **about[side]) for side, key in _AXES.items())
    rows = _marks(one, seen)
    called = {"own": seen.name} | {who: words(f"strain.{key}") for who, key in _WHO.items()}
    sketch.show(
        charts.scatter(
            rows, {who: called[who] for who in charts.WHO if who in set(rows["who"])},
            (across, along), words,
        ),
        alt=words("strain.picture_alt", cell=f"{seen.name}: {cell}." if cell else "",
                  supply=about["supply"]["name"], newcomers=about["newcomers"]["name"]),
    )  # fmt: skip


def _marks(one: Place, seen: Look) -> pd.DataFrame:
    """Return a row per region with both values, and whether it is of the same Land or type."""
    words, keys = seen.words, {"supply": one.supply["indicator"],
                               "newcomers": one.newcomers["indicator"]}  # fmt: skip
    chosen = {side: seen.found.percentiles[key] for side, key in keys.items()}
    rows = pd.DataFrame(chosen).dropna()
    written = {side: [words.percent(value / 100) for value in rows[side]] for side in keys}
    told = [
        words("strain.tip", name=name, supply=supply, newcomers=arrived)
        for name, supply, arrived in zip(seen.names[rows.index], *written.values(), strict=True)
    ]
    return rows.assign(who=_kin(seen).reindex(rows.index), text=told)


def _kin(seen: Look) -> pd.Series:
    """Kind of mark of every region, as in `views.charts.strain.WHO`."""
    regions = seen.dataset.regions
    who = pd.Series("other", index=regions.index, dtype="object")
    for kind, column in (("type", "thuenen_type"), ("land", "land")):
        if column in regions:
            same = regions[column] == regions.loc[seen.region, column]
            who = who.mask(same.fillna(value=False).astype(bool), kind)
    who[seen.region] = "own"
    return who


def _fields(one: Place, fields: dict[tuple[Third, Third], int], seen: Look) -> str:
    """Regions in every pair of thirds, the most supply on top as in the picture."""
    words = seen.words
    own = (one.supply["third"], one.newcomers["third"])

    def cell(row: Third, column: Third) -> str:
        count = words.number(fields[row, column])
        return words("strain.own_field", count=count) if own == (row, column) else count

    rows = [
        [words(f"strain.{_ROWS[row]}"), *(cell(row, column) for column in THIRDS)]
        for row in THIRDS[::-1]
    ]
    head = [
        words("strain.supply_third"),
        *(words(f"strain.{_COLUMNS[column]}") for column in THIRDS),
    ]
    return html_table(head, rows, label=words("strain.fields"))


def _over_years(service: Service, arrived: str, seen: Look) -> None:
    words = seen.words
    st.subheader(words("strain.pace"), anchor=False)
    table = pace(seen.dataset, seen.region, service, arrived, year=seen.year)
    if table.empty:
        st.markdown(words("strain.pace_none"))
        return
    rows: dict[Any, dict[Any, Any]] = table.to_dict("index")
    head = [words("strain.measure"), words("strain.pace_words"), words("strain.years"),
            words("strain.report_supply"), words("strain.median_change"),
            seen.called(arrived), words("strain.median_change")]  # fmt: skip
    lines = [_pace_line(str(key), arrived, row, seen) for key, row in rows.items()]
    st.html(html_table(head, lines, label=words("strain.pace"), texts=2))
    st.caption(words("strain.pace_note"))


def _pace_line(key: str, arrived: str, row: dict[Any, Any], seen: Look) -> list[str]:
    words, catalogue = seen.words, seen.dataset.catalogue.indicator_by_id
    cells = [seen.called(key), pace_words(row, words),
             words("strain.span", **{year: row[year] for year in _YEARS})]  # fmt: skip
    for side, indicator in (("supply", key), ("newcomers", arrived)):
        one = catalogue[indicator]
        before, after = (measure_value(one, row[f"{side}_{end}"], words) for end in _ENDS)
        cells += [words("strain.change", before=before, after=after),
                  words.signed(row[f"{side}_median"], one.decimals)]  # fmt: skip
    return cells


def _details(service: Service, seen: Look) -> None:
    """Every measure of a service with year, value, place, definition and source."""
    words = seen.words
    table = measures(seen.found, seen.region)
    rows = table[table["service"] == service.id].to_dict("records")
    with st.expander(words("strain.all_measures")):
        head = [words(f"strain.{key}") for key in
                ("measure", "side", "year", "value", "than", "third")]  # fmt: skip
        lines = [_measure_line(row, seen) for row in rows]
        st.html(html_table(head, lines, label=words("strain.all_measures"), texts=2))
        st.caption(words("strain.measures_note"))
        st.markdown("\n".join(f"* {_about(row, seen)}" for row in rows))


def _measure_line(row: dict[Any, Any], seen: Look) -> list[str]:
    words = seen.words
    value = seen.written(row)
    if flags := flag_words(str(row["flag"]), words):
        value = f"{value} ({flags})"
    third = words(f"strain.{_THIRDS[row['third']]}") if row["third"] else words.number(None)
    return [
        seen.called(row["indicator"]), words(f"strain.{_SIDES[row['side']]}"), str(row["year"]),
        value, words.percent(row["percentile"] / 100), third,
    ]  # fmt: skip


def _about(row: dict[Any, Any], seen: Look) -> str:
    words, key = seen.words, row["indicator"]
    source = seen.dataset.source_of(key, int(row["year"]))
    return words(
        "strain.about_one", name=seen.called(key), year=row["year"],
        definition=words.of(seen.dataset.catalogue.indicator_by_id[key].definition),
        source=words.of(source.title),
    )  # fmt: skip
