"""Parts of the page of kinds of place: how sure they are, how they differ, and files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import publish_study
from layers.kinds import PARTS, SIZES, TRENDS, name_of_series
from layers.kinds_doubt import BREAK, SIZE_STEP, STEP
from layers.study.by_kind import by_kind, cross, official_types
from layers.study.reports.kinds import report_kinds
from layers.table import names
from views import store
from views.charts.tables import html_table
from views.parts.kinds import BY, short

if TYPE_CHECKING:
    import pandas as pd

    from layers import Scores
    from layers.recipe import Kinds
    from views.frame import Scene
    from views.i18n import Words
    from views.parts.kinds import Found

__all__ = ["compare", "doubt", "downloads", "official"]

_OFFICIAL, _WHO = "kinds.official", "kinds.who"
#: Download button -> suffix, media type, German Excel or not.
_FILES = {
    "xlsx": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        False,
    ),
    "csv_de": (".csv", "text/csv", True),
    "csv": (".csv", "text/csv", False),
    "json": (".json", "application/json", False),
}


def doubt(found: Found, scene: Scene) -> None:
    """Say how many regions keep their kind, and what changes it most."""
    words, regions, variants = scene.words, found.doubt.regions, found.doubt.variants
    st.header(words("kinds.doubt"), anchor=False)
    most = variants.iloc[int(variants["any"].to_numpy().argmax())]
    st.markdown(words(
        "kinds.doubt_words", sure=int(regions["sure"].sum()),
        but_series=int(regions["sure_but_series"].sum()),
        known=int(regions["kind_of_place"].notna().sum()), variants=len(variants),
        most=_lower(_variant(most, scene), words), count=int(most["any"]),
    ))  # fmt: skip
    kept = {part.removeprefix("kind_"): int(regions[f"sure_{part[5:]}"].sum()) for part in PARTS}
    plain = "" if most["group"] == "series" else "_plain"
    st.markdown(words(f"kinds.doubt_parts{plain}", **kept))
    head = [words("kinds.variant"), words("kinds.changes")]
    head += [words(f"kinds.changes_{part.removeprefix('kind_')}") for part in PARTS]
    rows = [
        [
            _variant(row, scene),
            *(words.number(row[key]) for key in ("any", "size", "economy", "population")),
        ]
        for _, row in variants.iterrows()
    ]
    st.html(html_table(head, rows, label=words("kinds.doubt_label")))
    note = words("kinds.doubt_note", step=words.number(STEP, 1), size_step=words.percent(SIZE_STEP))
    kept_out = scene.state.recipe.kinds.first >= BREAK
    st.caption(f"{note} {words('kinds.doubt_break')}" if kept_out else note)
    _who(found, scene)


def _who(found: Found, scene: Scene) -> None:
    words, variants = scene.words, found.doubt.variants
    labels = {int(str(number)): _variant(row, scene) for number, row in variants.iterrows()}
    if st.session_state.get(_WHO) not in labels:
        st.session_state[_WHO] = None
    chosen = st.selectbox(
        words("kinds.who"), list(labels), key=_WHO, index=None,
        format_func=lambda one: labels[one], placeholder=words("kinds.who_hint"),
    )  # fmt: skip
    if chosen is None:
        return
    changed = found.doubt.changed[chosen]
    called = names(scene.scores)[changed.index[changed]].sort_values()
    if called.empty:
        st.markdown(words("kinds.who_none"))
    else:
        st.markdown(words("kinds.who_list", count=len(called), names=", ".join(called)))


def compare(scene: Scene) -> None:
    """Draw score and layers of the kinds side by side."""
    words, choices = scene.words, scene.state.recipe.kinds
    st.header(words("kinds.compare"), anchor=False)
    part = st.segmented_control(
        words("kinds.compare_by"), PARTS, key=BY, required=True,
        format_func=lambda one: words(f"kinds.view_{one}"),
    )  # fmt: skip
    found = _by_kind(scene.scores.recipe.to_toml(), scene.scores)
    part = part or PARTS[1]
    chosen = found[found["part"] == part]
    rows = {(row["measure"], row["kind"]): row for row in chosen.to_dict("records")}
    kinds = [one for one in _order(part) if ("score", one) in rows]
    head = ["", *(_heading(part, kind, choices, words) for kind in kinds)]
    body = [
        [words("kinds.compare_count"), *(words.number(rows["score", kind]["regions"])
                                         for kind in kinds)],
    ]  # fmt: skip
    layers = scene.dataset.catalogue.layer_by_id
    for measure in ["score", *(one.id for one in scene.dataset.catalogue.sublayers())]:
        name = words("kinds.compare_score") if measure == "score" else words.of(
            layers[measure].name)  # fmt: skip
        body.append([name, *(_cell(rows[measure, kind], words) for kind in kinds)])
    st.html(html_table(head, body, label=words("kinds.compare_label")))
    scope = "all" if scene.scores.selected.all() else "selection"
    st.caption(words("kinds.compare_note", scope=words(f"kinds.compare_scope_{scope}")))


@store.kept(most=32)
def _by_kind(key: str, _scores: Scores) -> pd.DataFrame:  # noqa: ARG001 -- the key of the cache
    return by_kind(_scores)


def official(scene: Scene) -> None:
    """Draw the computed kinds against an official typology."""
    words, choices = scene.words, scene.state.recipe.kinds
    columns = official_types(scene.scores)
    if not columns:
        return
    st.header(words("kinds.types"), anchor=False)
    attributes = scene.dataset.attributes
    if st.session_state.get(_OFFICIAL) not in columns:
        st.session_state[_OFFICIAL] = columns[0]
    column = st.selectbox(
        words("kinds.types_with"), columns, key=_OFFICIAL,
        format_func=lambda one: words.of(attributes[one].name),
    )  # fmt: skip
    part = st.session_state.get(BY) or PARTS[1]
    found = _cross(choices, column, scene.scores)
    wide = found[found["part"] == part].pivot_table(
        "regions", index="value", columns="kind", aggfunc="sum", fill_value=0
    )
    kinds = [one for one in _order(part) if one in wide.columns]
    head = [
        words.of(attributes[column].name),
        *(_heading(part, one, choices, words) for one in kinds),
    ]
    body = [
        [_value(str(value), column, scene), *(words.number(row[kind]) for kind in kinds)]
        for value, row in wide.iterrows()
    ]
    st.html(html_table(head, body, label=words("kinds.types_label")))
    if note := words.of(attributes[column].note):
        st.caption(note)


@store.kept(most=8)
def _cross(choices: Kinds, column: str, _scores: Scores) -> pd.DataFrame:  # noqa: ARG001 -- as above
    return cross(_scores, column)


def downloads(found: Found, scene: Scene) -> None:
    """Offer everything as files."""
    words = scene.words
    st.header(words("downloads.heading"), anchor=False)
    with st.container(horizontal=True):
        for key, (suffix, mime, german) in _FILES.items():
            make = partial(
                _file, found, scene, suffix, language=scene.state.language, excel_de=german
            )
            section = "kinds" if key == "json" else "downloads"
            st.download_button(
                words(f"{section}.{key}"), make, f"potenzialatlas_kinds_{key}{suffix}", mime,
                key=f"get.kinds.{key}", on_click="ignore",
            )  # fmt: skip
    st.caption(words("kinds.get_note"))


def _file(found: Found, scene: Scene, suffix: str, *, language: str, excel_de: bool) -> bytes:
    report = report_kinds(scene.scores, found=found.doubt)
    return publish_study.to_bytes(report, suffix, language=language, excel_de=excel_de)


def _variant(row: pd.Series, scene: Scene) -> str:
    """Say what a variant chooses otherwise."""
    words, field, value = scene.words, str(row["field"]), str(row["value"])
    if row["group"] == "size":
        value = words.number(float(value))
    elif row["group"] == "bounds":
        value = words.number(float(value), 2)
    elif row["group"] == "trend":
        value = words(f"kinds.trend_{value}")
    elif row["group"] == "series":
        value = words.of(name_of_series(scene.dataset, value))
    return words(f"kinds.variant_{field}", value=value)


def _lower(text: str, words: Words) -> str:
    """Quote a variant inside a sentence."""
    return words("kinds.quoted", text=text)


def _cell(row: dict[Any, Any], words: Words) -> str:
    if not row["regions"]:
        return words.number(None)
    return words(
        "kinds.cell", median=words.number(row["median"], 1), low=words.number(row["q25"], 1),
        high=words.number(row["q75"], 1),
    )  # fmt: skip


def _order(part: str) -> list[str]:
    return [*(SIZES if part == "kind_size" else TRENDS), ""]


def _heading(part: str, kind: str, choices: Kinds, words: Words) -> str:
    """Name a column by part and word; a size speaks for itself."""
    word, name = short(part, kind, choices, words), part.removeprefix("kind_")
    return word if part == "kind_size" or not kind else words(f"kinds.{name}_is", word=word)


def _value(value: str, column: str, scene: Scene) -> str:
    """Words of a value of an official typology."""
    if not value:
        return scene.words("kinds.types_none")
    told = scene.dataset.attributes[column].values.get(value)
    return scene.words.of(told) if told else value
