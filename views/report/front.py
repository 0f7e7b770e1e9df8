"""First page of a report: place and type, rank with band, layers, strengths and weaknesses."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.study.profile import profile, strengths, weaknesses
from layers.study.yardsticks import layer_medians
from layers.table import names, scored_indicators
from views.lens_words import no_data, recipe_name
from views.parts.profile_words import (
    base,
    groups,
    indicator_words,
    place,
    rank_words,
    value_words,
    yardstick_names,
)
from views.report import figures
from views.report.tags import (
    bullets,
    note,
    paragraph,
    scrolling,
    section,
    side_by_side,
    titled_table,
)

if TYPE_CHECKING:
    from layers.score import Scores
    from views.report.background import Background

__all__ = ["front"]

#: Attribute columns that say what kind of region it is.
_TYPES = ("thuenen_type", "bbsr_type_2015", "eurostat_urbn")
#: What is said where a list is empty.
_NONE = {"strengths": "no_strengths", "weaknesses": "no_weaknesses"}
#: So many strengths and weaknesses each.
_ROWS = 5
#: Fewest regions with a band among which one is shown.
_FEWEST = 5
#: So many names are listed before the rest is counted.
_NAMES = 6


def front(region: str, shared: Background) -> str:
    """Return the first page."""
    parts = [_head(region, shared), _rank(region, shared)]
    if shared.scores.layers.loc[region].notna().any():
        table = profile(shared.scores, region)
        parts += [_layers(region, table, shared), _extremes(region, table, shared)]
    return "".join([*parts, _data(region, shared)])


def _head(region: str, shared: Background) -> str:
    words, scores = shared.words, shared.scores
    name = names(scores)[region]
    facts = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{escape(value)}</dd></div>"
        for what, value in _facts(region, shared)
    )
    row: dict[Any, Any] = scores.dataset.regions.loc[region].to_dict()
    shown = ""
    if shared.locator:
        land = row.get("land_name", row.get("land", ""))
        kind = "locator_alt" if land else "locator_plain"
        title = words(f"report.{kind}", name=name, land=land)
        shown = figures.locate(shared.locator, region, str(row.get("land", "")), title=title)
    return (
        f"<header><div><p class='kind'>{escape(words('report.kind'))}</p>"
        f"<h1>{escape(name)}</h1><dl class='facts'>{facts}</dl></div>{shown}</header>"
    )


def _facts(region: str, shared: Background) -> list[tuple[str, str]]:
    """Kind or Kreis, Land, population, area, density and types, as far as the dataset has them."""
    words, dataset = shared.words, shared.scores.dataset
    row: dict[Any, Any] = dataset.regions.loc[region].to_dict()
    facts = [(words("report.key"), region)]
    # Of a municipality it says more in which Kreis it lies than that it is one.
    kind = row.get("kreis_name") or row.get("kind")
    if kind and "land_name" in row:
        land = dataset.attributes["land"].values.get(row["land"]) if "land" in row else None
        where = words.of(land) if land else row["land_name"]
        facts = [(words("report.where"), words("report.place", kind=kind, land=where))]
        facts.append((words("report.key"), region))
    if "population" in row:
        year = row["population_year"]
        facts.append((words("report.population", year=year), words.number(row["population"])))
        area = words("report.area", area=words.number(row["area_km2"]),
                     density=words.number(row["density"]))  # fmt: skip
        facts.append((words("report.area_name"), area))
    for column in _TYPES:
        if column in dataset.attributes and pd.notna(row.get(column)):
            about = dataset.attributes[column]
            text = words.of(about.values[str(row[column])])
            if column == "thuenen_type" and row.get("thuenen_shared"):
                shared_by = words("panel.shared", region=row["thuenen_region_name"])
                text += f" ({shared_by.rstrip('.')})"
            facts.append((words.of(about.name), text))
    return facts


def _rank(region: str, shared: Background) -> str:
    words, scores = shared.words, shared.scores
    reason = scores.reason[region]
    if reason:
        told = [paragraph(f"**{words(f'panel.missing_{reason}')}**")]
    else:
        sentence, drawn = rank_words(region, scores, shared.bands, words)
        told = [_figures(region, shared), paragraph(f"{sentence} {_width(region, shared)}")]
        told.append(note(drawn))
    return section(words("report.rank"), *told, _strip(region, shared), kind="rank")


def _figures(region: str, shared: Background) -> str:
    """Rank, band, share in the best quarter and score, large."""
    words, scores = shared.words, shared.scores
    row: dict[Any, Any] = shared.bands.bands.loc[region].to_dict()
    count = words.number(int(scores.ranks.notna().sum()))
    shown = {
        words("panel.rank"): (place(scores.ranks[region], words),
                              words("panel.rank_of", of=count)),
        words("panel.band"): (_band(row, shared), ""),
        words("panel.top_quarter"): (words.percent(float(row["top_quarter"])), ""),
        words("panel.score"): (words.number(scores.index[region], 1), ""),
    }  # fmt: skip
    cells = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>"
        for what, (value, more) in shown.items()
    )
    return f"<dl class='figures'>{cells}</dl>"


def _band(row: dict[Any, Any], shared: Background) -> str:
    if pd.isna(row["rank_p05"]):
        return shared.words.number(None)
    return shared.words("panel.band_range", low=int(row["rank_p05"]), high=int(row["rank_p95"]))


def _width(region: str, shared: Background) -> str:
    """Say how wide the band is beside those of all others."""
    bands, words = shared.bands.bands, shared.words
    widths = (bands["rank_p95"] - bands["rank_p05"]).dropna()
    if region not in widths.index or len(widths) < _FEWEST:
        return ""
    return words(
        "report.width", width=words.number(int(widths[region])),
        wider=words.number(int((widths > widths[region]).sum())),
        others=words.number(len(widths) - 1),
    )  # fmt: skip


def _strip(region: str, shared: Background) -> str:
    """Bands of all regions with that of this one set off."""
    words, scores = shared.words, shared.scores
    if len(shared.order) < _FEWEST:
        return ""
    bands = shared.bands.bands.loc[shared.order].assign(rank=scores.ranks[shared.order])
    name, count = names(scores)[region], len(shared.order)
    drawn = bands[bands["rank_p05"].notna()]
    title = words("report.strip_alt", name=name, of=words.number(count))
    shown = figures.intervals(drawn, region, count=count, top_places=shared.bands.top, title=title)
    kind = "strip_note" if region in drawn.index else "strip_others"
    told = words(
        f"report.{kind}", name=name, of=words.number(count), top=words.number(shared.bands.top)
    )
    return scrolling(shown, words("report.rank")) + note(told)


def _layers(region: str, table: pd.DataFrame, shared: Background) -> str:
    """Table of the layers with a bar in every row."""
    words, scores = shared.words, shared.scores
    medians = layer_medians(scores, region, groups(scores))
    keys = [one.id for one in scores.dataset.catalogue.sublayers()]
    keys = [key for key in keys if scores.layers[key].notna().any()]
    called = {k: v for k, v in yardstick_names(region, scores, words).items() if k in medians}
    shown = ["region", *called]
    rows = [
        _layer(key, {column: _known(medians[column][key]) for column in shown}, table, shared)
        for key in [*keys, "index"]
    ]
    heads = [words("profile.layer"), words("profile.weight"), _axis(scores, shared),
             words("report.value")]  # fmt: skip
    heads += [f"{figures.MARKS[column]} {name}" for column, name in called.items()]
    heads.append(words("profile.better"))
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    years = scores.years[scores.years > 0]
    told = words(
        "profile.layers_note", name=names(scores)[region], first=int(years.min()),
        last=int(years.max()), recipe=recipe_name(scores, words),
    )  # fmt: skip
    return section(
        words("profile.layers"),
        scrolling(
            f"<table class='layers'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
            "</table>", words("profile.layers"),
        ),
        note(f"{told} {no_data(scores.dataset, words)}".strip()),
    )  # fmt: skip


def _layer(
    key: str, shown: dict[str, float | None], table: pd.DataFrame, shared: Background
) -> str:  # fmt: skip
    """Row of a layer or the index; `shown` holds the region's own value and the medians."""
    words, scores = shared.words, shared.scores
    whole = key == "index"
    about: dict[Any, Any] = table.loc["index" if whole else f"layer:{key}"].to_dict()
    values = scores.index if whole else scores.layers[key]
    name = (
        words("profile.total") if whole
        else words.of(scores.dataset.catalogue.layer_by_id[key].name)
    )  # fmt: skip
    own, medians = shown["region"], {key: one for key, one in shown.items() if key != "region"}
    drawn = figures.bar(
        own, shared.strokes[key], medians, base=base(scores), ends=shared.ends,
        title=words("report.bar_alt", name=name, value=words.number(own, 1),
                    low=words.number(values.min(), 1), high=words.number(values.max(), 1)),
    )  # fmt: skip
    cells = [
        words.percent(about["share_of_index"], 1), drawn, words.number(own, 1),
        *(words.number(median, 1) for median in medians.values()),
        words.percent(about["percentile"] / 100),
    ]  # fmt: skip
    inner = "".join(f"<td>{cell}</td>" for cell in cells)
    kind = " class='whole'" if whole else ""
    return f"<tr{kind}><th scope='row'>{escape(name)}</th>{inner}</tr>"


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _axis(scores: Scores, shared: Background) -> str:
    ends, words = scores.recipe.normalise.ends, shared.words
    if ends is None:
        return words("profile.axis")
    low, high = (words.number(end) for end in ends)
    return words("profile.axis_scale", low=low, high=high)


def _extremes(region: str, table: pd.DataFrame, shared: Background) -> str:
    words = shared.words
    return section(
        words("report.extremes"),
        side_by_side(
            _indicators(strengths(table, count=_ROWS), "strengths", region, shared),
            _indicators(weaknesses(table, count=_ROWS), "weaknesses", region, shared),
        ),
        note(words("report.extremes_note")),
        kind="extremes",
    )


def _indicators(rows: pd.DataFrame, what: str, region: str, shared: Background) -> str:
    words, scores = shared.words, shared.scores
    title = words(f"profile.{what}")
    if rows.empty:
        return f"<h3>{escape(title)}</h3>" + paragraph(words(f"profile.{_NONE[what]}"))
    lines = []
    for full in rows.index:
        key = str(full).removeprefix("indicator:")
        one = scores.dataset.catalogue.indicator_by_id[key]
        value = value_words(region, key, scores, words)
        lines.append([
            indicator_words(one, words), f"{value} *" if scores.flags[key][region] else value,
            str(int(scores.years[key])), place(shared.places[key][region], words),
        ])  # fmt: skip
    head = [words(f"profile.{column}") for column in ("indicator", "value", "year")]
    return titled_table(title, [*head, words("panel.rank")], lines, texts=1)


def _data(region: str, shared: Background) -> str:
    """Say what is missing or converted in the region's data, and how certain all this is."""
    words = shared.words
    return side_by_side(
        section(words("report.data"), bullets(_gaps(region, shared))),
        section(words("report.certain"), paragraph(words("report.certain_text"))),
        kind="sections",
    )


def _gaps(region: str, shared: Background) -> list[str]:
    words, scores = shared.words, shared.scores
    keys = scored_indicators(scores)
    present = [key for key in keys if pd.notna(scores.raw[key][region])]
    missing = [key for key in keys if key not in present]
    years = [int(scores.years[key]) for key in present]
    lines = [words("report.present", count=len(present), of=len(keys),
                   first=min(years, default=0), last=max(years, default=0))]  # fmt: skip
    if missing:
        lines.append(words("report.missing", names=_listed(missing, shared)))
    flagged: dict[str, list[str]] = {}
    for key in keys:
        for flag in str(scores.flags[key][region]).split():
            flagged.setdefault(flag, []).append(key)
    lines += [
        f"**{_capital(words(f'flag.{flag}'))}:** {_listed(members, shared)}."
        for flag, members in flagged.items()
    ]
    return lines


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(keys: list[str], shared: Background) -> str:
    words, catalogue = shared.words, shared.scores.dataset.catalogue.indicator_by_id
    listed = ", ".join(words.of(catalogue[key].name) for key in keys[:_NAMES])
    if len(keys) <= _NAMES:
        return listed
    return words("report.and_more", names=listed, count=len(keys) - _NAMES)
