"""All numbers of one indicator's page as tables, and its values as a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.formats import sheets
from layers.kinds import PLACE
from layers.study.reading import contrast, histogram, over_years
from layers.table import names
from views.parts.reading_aid import licence

if TYPE_CHECKING:
    from views.figures import Figure
    from views.frame import Scene
    from views.parts.reading_aid import Patterns

__all__ = ["show"]


def show(key: str, shown: Figure, found: Patterns, scene: Scene) -> None:
    """Draw the tables, folded away, and the downloads."""
    words = scene.words
    tables = {
        "table_regions": _regions(key, shown, found, scene),
        "table_groups": _groups(shown, scene),
        "table_years": _years(key, scene),
        "table_bars": _bars(shown, scene),
    }
    with st.expander(words("indicators.tables")):
        for tab, (title, table) in zip(
            st.tabs([words(f"indicators.{one}") for one in tables]), tables.items(), strict=True
        ):
            tab.dataframe(table, hide_index=True, alt=words(f"indicators.{title}"))
    with st.container(horizontal=True):
        for text, german in (("download_de", True), ("download", False)):
            make = partial(_file, key, shown, found, scene, german=german)
            st.download_button(
                words(f"indicators.{text}"), make,
                f"potenzialatlas_{key}{'_de' if german else ''}.csv", "text/csv",
                key=f"ind.{text}.{key}", on_click="ignore",
            )  # fmt: skip


def _regions(key: str, shown: Figure, found: Patterns, scene: Scene) -> pd.DataFrame:
    """Every region with its value, class, notes, and what it is among its neighbours."""
    words, flags = scene.words, scene.scores.flags[key]
    labels = [entry["label"] for entry in shown.legend_entries(words)]
    table = pd.DataFrame(
        {
            words("table.name"): names(scene.scores),
            words("indicators.value"): shown.values,
            words("indicators.class"): [
                labels[code] if code >= 0 else "" for code in shown.classes.codes
            ],
            words("indicators.kind"): [
                words(f"indicators.{kind}") for kind in found.local["kind"]
            ],
            words("indicators.p_corrected"): found.local["p_corrected"].round(4),
            words("panel.flag"): [
                ", ".join(words(f"flag.{one}") for one in text.split()) for text in flags
            ],
        }
    )  # fmt: skip
    return table.sort_values(words("indicators.value"), ascending=False, kind="stable")


def _groups(shown: Figure, scene: Scene) -> pd.DataFrame:
    words, rows = scene.words, []
    for column, attribute in scene.dataset.attributes.items():
        if column == PLACE:
            # Its parts say it with fewer and larger groups.
            continue
        found = contrast(shown.values, scene.dataset.regions[column])
        for group, row in found.table.iterrows():
            rows.append(
                {
                    words("indicators.division"): words.of(attribute.name),
                    words("indicators.group_column"): words.of(attribute.values[str(group)]),
                    words("indicators.regions"): int(row["regions"]),
                    words("indicators.quarter"): shown.write(row["quarter"], words),
                    words("indicators.median"): shown.write(row["median"], words),
                    words("indicators.three_quarters"): shown.write(row["three_quarters"], words),
                    words("indicators.explained"): words.percent(found.explained),
                }
            )
    return pd.DataFrame(rows)


def _years(key: str, scene: Scene) -> pd.DataFrame:
    words, table = scene.words, over_years(scene.dataset, key)
    decimals = scene.dataset.catalogue.indicator_by_id[key].decimals
    columns = {
        words(f"indicators.{one}"): [words.number(value, decimals) for value in table[one]]
        for one in ("quarter", "median", "three_quarters")
    }
    sources = [words.of(scene.dataset.sources[one].title) for one in table["source"]]
    return pd.DataFrame(
        {
            words("indicators.year"): table.index.astype("str"),
            words("indicators.regions"): table["regions"].to_numpy(),
            **columns,
            words("panel.source"): sources,
        }
    )


def _bars(shown: Figure, scene: Scene) -> pd.DataFrame:
    words, bars = scene.words, histogram(shown.values)
    return pd.DataFrame(
        {
            words("indicators.from"): [shown.write(one, words) for one in bars["low"]],
            words("indicators.to"): [shown.write(one, words) for one in bars["high"]],
            words("indicators.regions"): bars["regions"],
        }
    )


def _file(key: str, shown: Figure, found: Patterns, scene: Scene, *, german: bool) -> bytes:
    """Values of all regions under what must be said about them."""
    words, dataset = scene.words, scene.dataset
    one, year = dataset.catalogue.indicator_by_id[key], int(scene.scores.years[key])
    source = dataset.source_of(key, year)
    table = pd.DataFrame(
        {
            "name": names(scene.scores),
            "value": shown.values,
            "flag": scene.scores.flags[key],
            "kind": found.local["kind"],
            "p_corrected": found.local["p_corrected"],
        }
    )
    head = words(
        "indicators.file_head", reference=dataset.reference, name=words.of(one.name),
        unit=words.of(one.unit), year=year,
    )  # fmt: skip
    lines = [
        head, words.of(one.definition), licence(source, words),
        words.of(source.licence_note), words.of(source.changes), words("indicators.file_columns"),
    ]  # fmt: skip
    told = [line for line in lines if line]
    return sheets.csv_file(table.rename_axis("region").reset_index(), told, excel_de=german)
