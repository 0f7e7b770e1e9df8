"""Parts of the page of distributions: tables, one region in words, files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import publish, publish_study
from layers.errors import PotenzialatlasError
from layers.study.distribution import distribute
from layers.study.distribution_presets import presets
from layers.study.reports import report_shared
from layers.study.reports.distribution import distribution_columns
from layers.table import names
from views import store
from views.charts.tables import html_table
from views.parts.distribution import decimals_of
from views.parts.distribution_inputs import land_name, rule_name
from views.search import search

if TYPE_CHECKING:
    from layers.study.distribution import Distribution
    from views.frame import Scene
    from views.i18n import Words
    from views.parts.distribution_inputs import Asked

__all__ = ["downloads", "file_of", "land_table", "one_region", "region_table", "step_table"]

#: What a region gets against the population.
_SIDES = ("more", "fewer", "same", "open")
_MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json",
    ".toml": "application/toml",
}  # fmt: skip


def region_table(found: Distribution, scene: Scene) -> None:
    """All regions with what the map shows."""
    words = scene.words
    st.header(words("distribution.table"), anchor=False)
    table = found.regions.assign(name=names(scene.scores).reindex(found.regions.index))
    table = table.sort_values(["persons", "name"], ascending=[False, True])
    shown = {"name": table["name"], "persons": table["persons"]}
    if found.draws:
        shown["range"] = pd.Series(_ranges(table, words), index=table.index)
    shown["per_1000"] = table["per_1000"].round(decimals_of(table["per_1000"]))
    shown |= {key: table[key] for key in ("by_population", "difference")}
    if found.present is not None:
        shown["present_scaled"] = table["present_scaled"]
    if found.draws:
        said = {one: words(f"distribution_against.{one}") for one in _SIDES}
        shown["against"] = table["against_population"].map(said)
    st.dataframe(
        pd.DataFrame(shown), hide_index=True, height=420, alt=words("distribution.table_alt"),
        column_config=_columns(found, words),
    )  # fmt: skip
    if found.draws:
        st.caption(words("distribution.range_help"))


def _columns(found: Distribution, words: Words) -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    years = {"year": "", "population_year": ""}
    if found.present is not None:
        years = {"year": str(found.present.year),
                 "population_year": str(found.present.population_year)}  # fmt: skip
    return {
        "name": text(words("distribution.region"), width=210),
        "persons": number(words("distribution.persons"), format="localized"),
        "range": text(words("distribution.range"), help=words("distribution.range_help")),
        "per_1000": number(words("distribution.per_1000"), format="localized"),
        "by_population": number(words("distribution.by_population"), format="localized"),
        "difference": number(words("distribution.difference"), format="localized"),
        "present_scaled": number(
            words("distribution.present_scaled", year=years["year"]), format="localized",
            help=words("distribution.present_help", **years),
        ),
        "against": text(words("distribution.against"), help=words("distribution.against_help")),
    }  # fmt: skip


def _ranges(table: pd.DataFrame, words: Words) -> list[str]:
    return [
        _span(low, high, words)
        for low, high in zip(table["persons_p05"], table["persons_p95"], strict=True)
    ]


def _span(low: Any, high: Any, words: Words) -> str:
    if pd.isna(low):
        return words.number(None)
    ends = [words.number(int(low)), words.number(int(high))]
    return ends[0] if low == high else " – ".join(ends)


def land_table(found: Distribution, scene: Scene) -> None:
    """Show the sums by Land, if there is more than one."""
    words, lands = scene.words, found.lands
    if len(lands) <= 1:
        return
    st.header(words("distribution.lands"), anchor=False)
    decimals = decimals_of(lands["per_1000"])
    keys = ("land_one", "kreise", "persons", "range", "per_1000", "by_population", "difference")
    head = [words(f"distribution.{key}") for key in keys]
    rows = [
        [
            land_name(str(key), scene), words.number(row["regions"]),
            words.number(row["persons"]), _span(row["persons_p05"], row["persons_p95"], words),
            words.number(row["per_1000"], decimals), words.number(row["by_population"]),
            words.signed(row["difference"]),
        ]
        for key, row in lands.to_dict("index").items()
    ]  # fmt: skip
    if found.present is not None:
        head.append(words("distribution.present_scaled", year=found.present.year))
        for row, scaled in zip(rows, lands["present_scaled"], strict=True):
            row.append(words.number(scaled))
    if not found.draws:
        head.pop(3)
        rows = [row[:3] + row[4:] for row in rows]
    st.html(html_table(head, rows, label=words("distribution.lands")))
    if found.draws:
        st.caption(words("distribution.lands_note"))


def step_table(found: Distribution, scene: Scene) -> None:
    """Regions down, steps across: who comes when."""
    words = scene.words
    if len(found.people) == 1:
        return
    st.header(words("distribution.steps_heading"), anchor=False)
    wide = found.steps.pivot_table(index="region", columns="step", values="persons")
    titles = {step: words("distribution.step", number=step) for step in wide.columns}
    order = found.regions["persons"].sort_values(ascending=False, kind="stable").index
    wide = wide.reindex(order).astype("int64").rename(columns=titles)
    wide.insert(0, words("distribution.region"), names(scene.scores).reindex(order))
    st.dataframe(wide, hide_index=True, height=320, alt=words("distribution.steps_alt"))
    st.caption(words("distribution.steps_note"))


def one_region(found: Distribution, asked: Asked, scene: Scene) -> None:
    """Draw the choice of a region, its numbers in words, and those under other rules."""
    words, labels = scene.words, store.labels()
    st.header(words("distribution.one"), anchor=False)
    region = search(words)
    if not region:
        st.caption(words("distribution.one_hint"))
    elif region not in found.regions.index:
        st.info(words("distribution.one_outside", name=labels[region]))
    else:
        st.markdown(_one_in_words(region, found, asked, scene))
        _other_rules(region, found, asked, scene)


def _one_in_words(region: str, found: Distribution, asked: Asked, scene: Scene) -> str:
    words, row = scene.words, found.regions.to_dict("index")[region]
    decimals = decimals_of(found.regions["per_1000"])
    said = [words(
        "distribution.one_words", rule=rule_name(asked, scene), name=names(scene.scores)[region],
        persons=words.number(row["persons"]), total=words.number(found.total),
        per=words.number(row["per_1000"], decimals),
    )]  # fmt: skip
    if pd.notna(row["persons_p05"]):
        low, high = (words.number(row[key]) for key in ("persons_p05", "persons_p95"))
        said.append(words("distribution.one_range", low=low, high=high))
    if pd.notna(row["by_population"]):
        usual = words.number(row["by_population"])
        said.append(words("distribution.one_population", persons=usual))
    if found.draws:
        said.append(words(
            f"distribution_one.{row['against_population']}", more=words.percent(row["more"]),
            fewer=words.percent(row["fewer"]),
        ))  # fmt: skip
    if row["at_bound"]:
        said.append(words("distribution.one_bound", bound=words.number(row["bound"])))
    return f"{' '.join(said)}\n\n{_one_now(row, found, words)}"


def _one_now(row: dict[Any, Any], found: Distribution, words: Words) -> str:
    """Say how many people are there now."""
    if found.present is None or pd.isna(row["present"]):
        return ""
    per = 1_000 * row["present"] / row["population"]
    said = words(
        "distribution.one_present", year=found.present.year, people=words.number(row["present"]),
        per=words.number(per, 1),
    )  # fmt: skip
    scaled = words(
        "distribution.one_present_scaled", total=words.number(found.total),
        persons=words.number(row["present_scaled"]),
    )  # fmt: skip
    return f"{said} {scaled}"


def _other_rules(region: str, found: Distribution, asked: Asked, scene: Scene) -> None:
    """Table of what the other rules on offer would give the region."""
    words = scene.words
    rows = []
    for key, one in presets(scene.scores).items():
        persons = _under(key, found, scene).get(region)
        said = words("distribution.rules_refused") if persons is None else words.number(persons)
        chosen = f" ({words('distribution.rules_chosen')})" if key == asked.preset else ""
        rows.append([words.of(one.name) + chosen, said])
    head = [words("distribution.rule"), words("distribution.persons")]
    st.markdown(f"**{words('distribution.rules')}**")
    st.html(html_table(head, rows, label=words("distribution.rules")))
    st.caption(words("distribution.rules_note"))


def _under(preset: str, found: Distribution, scene: Scene) -> dict[str, int]:
    """People of every region under another rule; none if that rule cannot be followed."""
    key = f"{preset} {found.total} {found.rule.to_toml()} {scene.scores.recipe.to_toml()}"
    return _shared_out(key, preset, found, scene)


@store.kept(most=64)
def _shared_out(
    key: str,  # noqa: ARG001 -- the key of the cache
    _preset: str,
    _found: Distribution,
    _scene: Scene,
) -> dict[str, int]:
    mixture = {part: float(one) for part, one in presets(_scene.scores)[_preset].mixture.items()}
    rule = _found.rule.model_copy(update={"mixture": mixture})
    try:
        other = distribute(_scene.scores, [_found.total], rule, draws=0)
    except PotenzialatlasError:
        return {}
    return {str(key): int(one) for key, one in other.regions["persons"].items()}


def downloads(found: Distribution, scene: Scene) -> None:
    """Offer the numbers as files, and the rule."""
    words = scene.words
    st.header(words("downloads.heading"), anchor=False)
    offered = {
        "xlsx": words("downloads.xlsx"), "csv_de": words("downloads.csv_de"),
        "csv": words("downloads.csv"), "json": words("distribution.get_json"),
        "geojson": words("downloads.geojson"), "toml": words("distribution.get_rule"),
    }  # fmt: skip
    with st.container(horizontal=True):
        for kind, label in offered.items():
            suffix = ".csv" if kind.startswith("csv") else f".{kind}"
            st.download_button(
                label, partial(file_of, kind, found, scene),
                f"potenzialatlas_verteilung_{kind}{suffix}", _MEDIA[suffix],
                key=f"get.distribution.{kind}", on_click="ignore",
            )  # fmt: skip
    st.caption(words("distribution.get_note"))


def file_of(kind: str, found: Distribution, scene: Scene) -> bytes:
    """Return one file: a table in some format, the regions as a map, or the rule."""
    language = scene.state.language
    if kind == "toml":
        return found.rule.to_toml().encode()
    if kind == "geojson":
        extra = distribution_columns(scene.scores, found)
        return publish.to_bytes(
            scene.scores, ".geojson", bands=scene.bands, content="bands", extra=extra,
            language=language,
        )  # fmt: skip
    suffix = ".csv" if kind == "csv_de" else f".{kind}"
    report = report_shared(scene.scores, found)
    return publish_study.to_bytes(report, suffix, language=language, excel_de=kind == "csv_de")
