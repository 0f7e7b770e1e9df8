"""Second page of a report: time lines, services, what the rank hangs on, others, sources."""

from __future__ import annotations

from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.certainty.flip import flip
from layers.errors import PotenzialatlasError
from layers.study.profile import peers
from layers.study.yardsticks import ALL, medians_by_year
from layers.table import names
from views.charts.tables import html_table
from views.parts.profile_words import moved_words, place
from views.report import figures
from views.report.strain import strain
from views.report.tags import bullets, note, paragraph, section, side_by_side, titled_table

if TYPE_CHECKING:
    from layers.dataset import Source
    from views.report.background import Background

__all__ = ["back"]

#: So many neighbours, similar regions and indicators that move the rank are listed.
_AROUND, _PEERS, _INFLUENCES = 5, 4, 5
#: So many regions to overtake, and with those that would overtake so many in all.
_AHEAD, _TURNS = 2, 3
#: Letters in a line of the sources.
_LETTERS = 90
#: A shift of less than this share of the weight is only called small.
_LEAST = 0.0005
#: Changes below this part of the largest one are a solver's dust, not worth a word.
_SPECK = 0.01


def back(region: str, shared: Background) -> str:
    """Return the second page."""
    return "".join([
        _series(region, shared), strain(region, shared), _influence(region, shared),
        _others(region, shared), _sources(shared),
    ])  # fmt: skip


def _series(region: str, shared: Background) -> str:
    words = shared.words
    regions, by = shared.scores.dataset.regions, list[str]()
    # A median of one region alone would be its own line again.
    if "land" in regions and (regions["land"] == regions.loc[region, "land"]).sum() > 1:
        by = ["land"]
    lines = [_line(key, region, by, shared) for key in shared.lines]
    if not lines:
        return ""
    kind = "series_note" if by else "series_note_all"
    told = words(f"report.{kind}", name=_name(region, shared))
    lines.append(f"<div>{note(told)}</div>")
    return section(words("profile.series"), f"<div class='lines'>{''.join(lines)}</div>")


def _line(key: str, region: str, by: list[str], shared: Background) -> str:
    """One indicator over all years, with its first and last values in a table."""
    words, dataset = shared.words, shared.lines[key]
    one = dataset.catalogue.indicator_by_id[key]
    table = medians_by_year(dataset, key, region, by)
    columns = [column for column in ("region", *by, ALL) if column in table]
    title = f"{words.of(one.name)}, {words.of(one.unit)}"
    heading = f"<h3>{escape(words.of(one.name))}</h3>"
    own = table["region"].dropna()
    if own.empty:
        return f"<div>{heading}{paragraph(words('profile.series_none'))}</div>"
    known = pd.concat([table[column] for column in columns])
    ends = {end: words.number(end, one.decimals) for end in map(float, (known.min(), known.max()))}
    first, last = own.index[0], own.index[-1]
    alt = words("report.line_alt", title=title, first=first, last=last,
                start=words.number(own.iloc[0], one.decimals),
                end=words.number(own.iloc[-1], one.decimals))  # fmt: skip
    called = {"region": words("report.own"), "land": words("report.land"), ALL: words("report.all")}
    years = list(dict.fromkeys([first, last]))
    rows = [
        [called[column], *(words.number(table.loc[year, column], one.decimals) for year in years)]
        for column in columns
    ]
    head = [words.of(one.unit), *map(str, years)]
    drawn = figures.curves(table, columns, ends, title=alt)
    return f"<div>{heading}{drawn}{html_table(head, rows, label=title)}</div>"


def _influence(region: str, shared: Background) -> str:
    words, scores = shared.words, shared.scores
    if scores.reason[region]:
        return ""
    title = words("profile.influence")
    if shared.without.empty:
        return section(title, paragraph(words("report.influence_impossible")))
    return section(
        title,
        side_by_side(
            _layers(region, shared), _indicators(region, shared), _overtaking(region, shared),
            kind="three",
        ),
        note(words("report.influence_note", rank=place(scores.ranks[region], words))),
    )  # fmt: skip


def _layers(region: str, shared: Background) -> str:
    """Rank without each layer, and with each counted double."""
    words, catalogue = shared.words, shared.scores.dataset.catalogue.layer_by_id
    rows = [
        [
            words.of(catalogue[key.removeprefix("layer:")].name),
            place(shared.without.loc[region].get(key), words),
            place(shared.doubled.loc[region, key], words),
        ]
        for key in map(str, shared.doubled)
    ]  # fmt: skip
    head = [words("profile.layer"), words("report.off"), words("report.double")]
    return titled_table(words("report.one_layer"), head, rows)


def _indicators(region: str, shared: Background) -> str:
    """List the indicators without which the rank would differ most."""
    words, scores = shared.words, shared.scores
    keys = shared.without.columns[shared.without.columns.str.startswith("indicator:")]
    ranks = shared.without[keys].T[region]
    changes = (ranks - float(scores.ranks[region])).fillna(float("inf"))
    most = changes[changes != 0].abs().nlargest(_INFLUENCES).index
    title = words("report.one_indicator")
    if most.empty:
        return f"<h3>{escape(title)}</h3>{paragraph(words('profile.influence_none'))}"
    catalogue = scores.dataset.catalogue.indicator_by_id
    rows = [
        [
            words.of(catalogue[str(key).removeprefix("indicator:")].name),
            place(ranks[key], words),
            words("profile.lost") if pd.isna(ranks[key]) else moved_words(changes[key], words),
        ]
        for key in most
    ]
    head = [words("report.without"), words("panel.rank"), words("profile.change")]
    return titled_table(title, head, rows)


def _overtaking(region: str, shared: Background) -> str:
    """Smallest changes of weights to overtake those ahead, and to be overtaken from behind."""
    words = shared.words
    at = shared.order.index(region)
    ahead = shared.order[max(at - _AHEAD, 0) : at][::-1]
    behind = shared.order[at + 1 : at + 1 + _TURNS - len(ahead)]
    lines = [_turn(one, region, one, shared) for one in ahead]
    lines += [_turn(region, one, one, shared) for one in behind]
    heading = f"<h3>{escape(words('report.overtake'))}</h3>"
    return heading + bullets(lines, "turns")


def _turn(ahead: str, behind: str, other: str, shared: Background) -> str:
    words, scores = shared.words, shared.scores
    said = {"name": _name(other, shared), "rank": place(scores.ranks[other], words)}
    kind = "past" if other == ahead else "passed"
    head = words(f"report.{kind}", **said)
    try:
        found = flip(scores, ahead, behind)
    except PotenzialatlasError:
        return f"{head} {words('report.no_flip')}"
    if found.weights is None or found.distance is None or found.status != "possible":
        outcome = "tied" if found.status == "already" else found.reason
        known = outcome in {"tied", "dominance"}
        return f"{head} {words(f'report.{outcome}') if known else words('report.no_flip')}"
    less, more = _moves(found.weights - found.before, shared)
    size = found.distance / 2
    moved = words("report.hardly") if size < _LEAST else words.percent(size, 1)
    return f"{head} {words('report.moved', moved=moved, less=less, more=more)}"


def _moves(change: pd.Series, shared: Background) -> tuple[str, str]:
    """Layers that lose weight and those that gain, the largest changes first."""
    catalogue, words = shared.scores.dataset.catalogue.layer_by_id, shared.words
    change = change.sort_values(kind="stable")
    speck = _SPECK * float(change.abs().max())
    sides = (change.index[change < -speck], change.index[change > speck][::-1])
    less, more = (
        ", ".join(words("report.quoted", name=words.of(catalogue[str(key)].name)) for key in side)
        for side in sides
    )
    return less, more


def _others(region: str, shared: Background) -> str:
    parts = [_neighbours(region, shared), _peers(region, shared)]
    return side_by_side(*filter(None, parts), kind="regions")


def _neighbours(region: str, shared: Background) -> str:
    words = shared.words
    around = shared.borders.get(region)
    if around is None:
        return ""
    if not around:
        return section(words("profile.neighbours"), paragraph(words("profile.neighbours_none")))
    told = words("profile.neighbours_note")
    if len(around) > _AROUND:
        told += " " + words("report.more", count=len(around) - _AROUND)
    return section(words("profile.neighbours"), _regions(around[:_AROUND], shared), note(told))


def _peers(region: str, shared: Background) -> str:
    """Regions of the same type that resemble it most; of any type, where there are no types."""
    words, regions = shared.words, shared.scores.dataset.regions
    near = peers(shared.scores, region, count=len(regions))
    typed = "thuenen_type" in shared.scores.dataset.attributes
    if typed:
        same = regions["thuenen_type"] == regions.loc[region, "thuenen_type"]
        near = near[same[near.index].to_numpy()]
    title = words("report.peers_typed" if typed else "profile.peers")
    near = near.head(_PEERS)
    if near.empty:
        return section(title, paragraph(words("profile.peers_none")))
    return section(
        title, _regions([str(key) for key in near.index], shared, near["distance"]),
        note(words("profile.peers_note")),
    )  # fmt: skip


def _regions(
    keys: list[str], shared: Background, distances: pd.Series | None = None
) -> str:  # fmt: skip
    """Table of other regions with rank, band and score."""
    words, scores = shared.words, shared.scores
    rows = []
    for key in keys:
        row: dict[Any, Any] = shared.bands.bands.loc[key].to_dict()
        band = words.number(None)
        if pd.notna(row["rank_p05"]):
            band = words("panel.band_range", low=int(row["rank_p05"]), high=int(row["rank_p95"]))
        cells = [_name(key, shared), place(scores.ranks[key], words), band,
                 words.number(scores.index[key], 1)]  # fmt: skip
        rows.append(cells if distances is None else [*cells, words.number(distances[key], 1)])
    head = [words(f"table.{column}") for column in ("name", "rank", "band")]
    head.append(words("report.value"))
    if distances is None:
        return html_table(head, rows, label=words("profile.neighbours"))
    head.append(words("report.distance"))
    return html_table(head, rows, label=words("profile.peers"))


def _sources(shared: Background) -> str:
    words, about = shared.words, shared.about
    lines = [_source(one, shared) for one in about.sources.values()]
    told = words(
        "report.made", reference=about.reference, gebietsstand=about.gebietsstand,
        recipe=words.of(about.called), hash=about.recipe_hash,
    )  # fmt: skip
    return section(
        words("report.sources"), side_by_side(*_halves(lines), kind="sources"),
        paragraph(f"{words('sources.changed')} {told}"),
        paragraph(words("report.cite", cite=about.citation(words.language))), kind="imprint",
    )  # fmt: skip


def _halves(lines: list[str]) -> list[str]:
    """Two lists of about the same length in print."""
    ends = list(accumulate(-(-len(line) // _LETTERS) for line in lines))
    left = sum(2 * end <= ends[-1] + 1 for end in ends)
    return [f"<ul>{''.join(f'<li>{one}</li>' for one in part)}</ul>"
            for part in (lines[:left], lines[left:]) if part]  # fmt: skip


def _source(one: Source, shared: Background) -> str:
    words = shared.words
    licence = one.licence if one.licence != "not-stated" else words("indicators.licence_unknown")
    status = "settled" if one.licence_status == "confirmed" else "open"
    return escape(words(
        "indicators.source_line", attribution=one.attribution.rstrip("."), licence=licence,
        status=words(f"report.{status}"),
    ))  # fmt: skip


def _name(region: str, shared: Background) -> str:
    return str(names(shared.scores)[region])
