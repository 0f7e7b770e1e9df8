"""The panel of one region: its rank with band, and what its score is made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.shares import percentages
from views.frame import link_to
from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    from layers import Bands, Scores
    from views.i18n import Words

__all__ = ["facts", "show"]

#: Width of the longest bar in percent of its cell; the number needs the rest.
_BAR = 70


def show(region: str, scores: Scores, bands: Bands, words: Words) -> None:
    """Draw the panel of `region`."""
    st.header(marked_names(scores)[region], anchor=False)
    facts(region, scores, words)
    with st.container(key="links_panel"):
        link_to("profile", words("profile.open"), st.session_state["last"])
    reason = scores.reason[region]
    if reason:
        st.warning(words(f"panel.missing_{reason}"))
    else:
        _figures(region, scores, bands, words)
        st.html(_contributions(region, scores, words))
    with st.expander(words("panel.indicators")):
        st.dataframe(_indicators(region, scores, words), hide_index=True)


def facts(region: str, scores: Scores, words: Words) -> None:
    """Draw kind (of a municipality its Kreis), Land, population and type of `region`."""
    row: dict[Any, Any] = scores.dataset.regions.loc[region].to_dict()
    attributes = scores.dataset.attributes
    if "population" in row:
        st.caption(
            words(
                "panel.facts", kind=row.get("kreis_name") or row["kind"], land=row["land_name"],
                population=words.number(row["population"]), year=row["population_year"],
                density=words.number(row["density"]),
            )
        )  # fmt: skip
    if "thuenen_type" in row and "thuenen_type" in attributes:
        one = attributes["thuenen_type"]
        text = f"{words.of(one.name)}: {words.of(one.values[str(row['thuenen_type'])])}"
        if row.get("thuenen_shared"):
            text += ". " + words("panel.shared", region=row["thuenen_region_name"])
        st.caption(text)


def _figures(region: str, scores: Scores, bands: Bands, words: Words) -> None:
    row: dict[Any, Any] = bands.bands.loc[region].to_dict()
    count = int(scores.ranks.notna().sum())
    place = f"{scores.ranks[region]:g} {words('panel.rank_of', of=count)}"
    band = words("panel.band_range", low=int(row["rank_p05"]), high=int(row["rank_p95"]))
    figures = {
        words("panel.rank"): place,
        words("panel.band"): band,
        words("panel.top_quarter"): words.percent(float(row["top_quarter"])),
        words("panel.score"): words.number(scores.index[region], 1),
    }
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in figures.items()
    )
    st.html(f"<dl class='atlas-figures'>{cells}</dl>")


def _contributions(region: str, scores: Scores, words: Words) -> str:
    """HTML table of the layers: value, weight, contribution as number and bar."""
    parts: dict[Any, Any] = scores.layer_contributions.loc[region].dropna().to_dict()
    shares = scores.plan.shares()["share_of_index"]
    weights = [float(shares[f"layer:{key}"]) for key in parts]
    percent = percentages(np.array(weights, dtype=np.float64), 1)
    widest = max(*map(abs, parts.values()), 1e-12)
    layers = scores.dataset.catalogue.layer_by_id
    values: dict[Any, Any] = scores.layers.loc[region].to_dict()
    rows = "".join(
        _row(
            words.of(layers[key].name),
            words.number(values[key], 1),
            words.percent(share / 100, 1),
            words.number(float(part), 1),
            bar=_BAR * abs(part) / widest,
        )
        for (key, part), share in zip(parts.items(), percent, strict=True)
    )
    head = "".join(
        f"<th scope='col'>{escape(words(f'panel.{key}'))}</th>"
        for key in ("layer", "value", "share", "contribution")
    )
    total = words.number(scores.index[region], 1)
    return (
        f"<table class='atlas-parts'><caption>{escape(words('panel.contributions'))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody><tfoot><tr><th scope='row'>"
        f"{escape(words('panel.sum'))}</th><td></td><td>{words.percent(1)}</td>"
        f"<td>{total}</td></tr></tfoot></table>"
    )


def _row(name: str, value: str, weight: str, part: str, *, bar: float) -> str:
    return (
        f"<tr><th scope='row'>{escape(name)}</th><td>{value}</td><td>{weight}</td>"
        f"<td><span class='atlas-bar' style='width:{bar:.0f}%'></span><span>{part}</span></td></tr>"
    )


def _indicators(region: str, scores: Scores, words: Words) -> pd.DataFrame:
    """All indicators of one region with unit, year, flags, scale value, direction and source."""
    catalogue, dataset = scores.dataset.catalogue, scores.dataset
    raw, flags, normalised = (
        dict(frame.loc[region].items()) for frame in (scores.raw, scores.flags, scores.normalised)
    )
    shares: dict[Any, float] = scores.plan.shares()["share_of_index"].to_dict()
    rows = []
    for key, one in catalogue.indicator_by_id.items():
        year = int(scores.years[key])
        rows.append(
            {
                words("panel.layer"): words.of(catalogue.layer_by_id[catalogue.layer_of[key]].name),
                words("panel.indicator"): words.of(one.name),
                words("panel.raw"): words.number(raw[key], one.decimals),
                words("panel.unit"): words.of(one.unit),
                words("panel.year"): str(year) if year else "",
                words("panel.flag"): _flags(flags[key], words),
                words("panel.normalised"): words.number(normalised[key], 1),
                words("panel.direction"): _direction(
                    scores.plan.directions[key], shares[f"indicator:{key}"], words
                ),
                words("panel.source"): words.of(dataset.source_of(key, year).title),
            }
        )
    return pd.DataFrame(rows)


def _flags(flags: str, words: Words) -> str:
    return ", ".join(words(f"flag.{flag}") for flag in flags.split())


def _direction(sign: int, share: float, words: Words) -> str:
    if not share:
        return words("panel.not_scored")
    return words("weights.more") if sign > 0 else words("weights.less")
