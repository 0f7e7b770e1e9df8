"""Parts of the robustness page: what matters most, other methods, double counting, class cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.class_doubt import class_doubt
from geo.classes import SCHEMES, classify
from layers.certainty.choices import standard_choices
from layers.errors import PotenzialatlasError
from layers.study.reports import report_coherence, report_multiverse, report_sobol
from views import store, studies
from views.charts import ranks as rank_charts
from views.charts import sketch
from views.charts.tables import html_table
from views.lens_words import recipe_name
from views.live import SURE
from views.state import SPREADS

if TYPE_CHECKING:
    import pandas as pd

    from geo.class_doubt import ClassDoubt
    from layers.catalogue import Indicator, Layer
    from layers.study.reports import Report
    from views.frame import Scene
    from views.i18n import Words

__all__ = [
    "STUDIES", "class_cuts", "double_counting", "other_methods", "study_key", "what_matters",
]  # fmt: skip

#: Analyses that a button starts; a link names those that were run.
STUDIES = ("sobol", "multiverse")
_SAMPLES = 1_024
#: An input whose total stays below this share surely matters little.
_LITTLE = 0.05
#: Fields of the recipe that are varied -> their names in the texts.
_CHOICES = {
    "normalise": "normalise", "aggregate.method": "mean", "weights": "weights",
    "directions": "directions", "treat": "treat", "impute": "impute",
}  # fmt: skip
#: Choices between methods that have names.
_BY_METHOD = ("normalise", "mean")
_WEIGHT = "weight:"
#: A number of times this near to a whole one is written without decimals.
_SPECK = 0.05
#: Columns of a pair, and its flags in the texts.
_PAIR = ("a", "b", "flag", "correlation")
_FLAGS = ("collinear", "negative")
#: Regions that are named before the rest is only counted.
_NAMED = 12


def study_key(scene: Scene) -> str:
    """Return what the answer of an analysis depends on."""
    return f"{scene.state.spread} {scene.state.recipe.to_toml()}"


def what_matters(scene: Scene) -> None:
    """Sobol indices of choices and weights, in words, bars and a table."""
    words = scene.words
    st.header(words("robustness.matters"), anchor=False)
    st.caption(words("robustness.matters_note", choices=_varied(scene, whole=True),
                     spread=words(f"map.caption_spread_{scene.state.spread}")))  # fmt: skip

    def work(tell: Any) -> Report:
        choices = standard_choices(scene.dataset, scene.scores.recipe, whole=True)
        return report_sobol(
            scene.scores, choices, spread=SPREADS[scene.state.spread], samples=_SAMPLES,
            seed=store.SEED, progress=tell,
        )  # fmt: skip

    label = words("robustness.matters_start")
    report = studies.report_of("sobol", study_key(scene), label, work, words)
    if report is None:
        return
    table = report.tables["indices"]
    rows = _influence_rows(table, scene)
    st.markdown(_sobol_words(table, rows, report, words))
    sketch.show(
        rank_charts.influence_bars(rows, title=words("robustness.matters_axis"), words=words),
        alt=words("robustness.matters_alt"), key="matters",
    )  # fmt: skip
    st.caption(words(
        "robustness.matters_caption",
        evaluations=words.number(report.settings["evaluations"]),
        confidence=words.percent(report.settings["confidence"]),
        recipe=recipe_name(scene.scores, words),
    ))  # fmt: skip
    with st.expander(words("robustness.table")):
        head = [words(f"robustness.{key}") for key in ("choice", "alone", "in_all", "interval")]
        st.html(html_table(head, [
            [row["name"], words.percent(max(row["first"], 0)), words.percent(row["total"]),
             _span(row["low"], row["high"], words)]
            for row in rows.to_dict("records")
        ], label=words("robustness.matters")))  # fmt: skip
        studies.offer_files(report, words)


def other_methods(scene: Scene) -> None:
    """All combinations of the standard choices: which moves ranks, who is always in front."""
    words = scene.words
    st.header(words("robustness.methods"), anchor=False)
    st.caption(words("robustness.methods_note", choices=_varied(scene, whole=False)))

    def work(tell: Any) -> Report:
        choices = standard_choices(scene.dataset, scene.scores.recipe)
        return report_multiverse(scene.scores, choices, progress=tell)

    label = words("robustness.methods_start")
    report = studies.report_of("multiverse", study_key(scene), label, work, words)
    if report is None:
        return
    table, bands = report.tables["influence"], report.tables["bands"]
    run, every = report.tables["ranks"].shape[1] - 2, len(report.tables["variants"])
    always = bands.loc[bands["top_quarter"] == 1, "name"].tolist()
    never = int((bands["top_quarter"] == 0).sum())
    known = table.dropna(subset=["mean_change"])
    if len(known):
        first = known.iloc[0]
        st.markdown(words(
            "robustness.methods_words", choice=_choice(first["choice"], scene), run=run, of=every,
            places=words.number(first["mean_change"]), largest=words.number(
                first["largest_change"]),
        ))  # fmt: skip
    st.markdown(words("robustness.methods_always", count=len(always), of=len(bands), never=never,
                      names=_listed(always, words)))  # fmt: skip
    head = [words(f"robustness.{key}") for key in ("choice", "mean_change", "largest_change")]
    st.html(html_table(head, [
        [_choice(row["choice"], scene), words.number(row["mean_change"], 1),
         words.number(row["largest_change"])]
        for row in table.to_dict("records")
    ], label=words("robustness.methods")))  # fmt: skip
    if run < every:
        st.caption(words("robustness.methods_skipped", count=every - run))
    studies.offer_files(report, words)


def double_counting(scene: Scene) -> None:
    """Tell what is counted more than once, and what weighs in fact."""
    words = scene.words
    st.header(words("robustness.double"), anchor=False)
    st.caption(words("robustness.double_note"))
    try:
        report = _coherence(scene.state.recipe.to_toml(), scene)
    except PotenzialatlasError as error:
        st.info(words("studies.impossible", message=error))
        return
    st.markdown(_groups_in_words(report.tables["groups"], scene))
    weights = report.tables["weights"]
    layers = weights[weights["key"].str.startswith("layer:") & (weights["parent"] == "")]
    st.markdown(_weights_in_words(layers, scene))
    st.markdown(f"**{words('robustness.double_layers')}**")
    st.html(_weights_table(layers, words("robustness.double_layers"), scene))
    with st.expander(words("robustness.double_more")):
        st.caption(words("robustness.effective_note"))
        others = weights[~weights.index.isin(layers.index)]
        st.html(_weights_table(others, words("robustness.double_more"), scene))
        pairs = report.tables["pairs"]
        flagged = pairs[pairs["flag"].isin(_FLAGS)].sort_values(
            "correlation", key=abs, ascending=False, kind="stable"
        )
        st.markdown(f"**{words('robustness.pairs')}**")
        st.html(html_table(
            [words(f"robustness.{key}") for key in ("pair", "with", "meaning", "correlation")],
            [[_named(a, scene), _named(b, scene), words(f"pair.{flag}"), words.number(r, 2)]
             for a, b, flag, r in zip(*(flagged[key] for key in _PAIR), strict=True)],
            label=words("robustness.pairs"), texts=3,
        ))  # fmt: skip
        studies.offer_files(report, words)


def class_cuts(scene: Scene) -> None:
    """How many regions keep their class under other weightings and other cuts."""
    words, state, scores = scene.words, scene.state, scene.scores
    st.header(words("robustness.cuts"), anchor=False)
    shown = classify(scores.index, state.scheme, state.classes)
    scheme = words(f"map.{state.scheme}")
    if scene.bands.counted:
        stays = scene.bands.stays_within(shown.codes, scores.ranks)[scores.selected].dropna()
        st.markdown(words(
            "robustness.cuts_weights", classes=state.classes, scheme=scheme, of=len(stays),
            unsure=int((stays < SURE).sum()), sure=int((stays >= 1 - _LITTLE).sum()),
            share=words.percent(1 - _LITTLE),
        ))  # fmt: skip
    with st.spinner(words("robustness.cuts_running")):
        found = _class_doubt(state.recipe.to_toml(), state.scheme, scene)
    others = [one for one in SCHEMES if one != state.scheme]
    st.markdown(words(
        "robustness.cuts_schemes",
        moved="; ".join(
            words("robustness.cuts_moved", scheme=words(f"map.{one}"),
                  count=found.moved(one, state.classes))
            for one in others
        ),
        of=int(scores.index.notna().sum()),
        always=len(found.always), maps=len(found.maps), sometimes=len(found.sometimes),
    ))  # fmt: skip
    counts = sorted(set(found.maps["count"]))
    rows = [
        [words(f"map.{one}"), *(words.number(found.moved(one, count)) for count in counts)]
        for one in others
    ]  # fmt: skip
    head = [words("map.scheme"), *(words("robustness.cuts_count", count=count) for count in counts)]
    caption = words("robustness.cuts_caption", scheme=scheme)
    st.markdown(f"**{caption}**")
    st.html(html_table(head, rows, label=caption))


@store.kept(most=16)
def _coherence(key: str, _scene: Scene) -> Report:  # noqa: ARG001 -- the key of the cache
    return report_coherence(_scene.scores)


@store.kept(most=16)
def _class_doubt(key: str, scheme: Any, _scene: Scene) -> ClassDoubt:  # noqa: ARG001 -- as above
    return class_doubt(_scene.scores.index, scheme)


def _varied(scene: Scene, *, whole: bool) -> str:
    choices = standard_choices(scene.dataset, scene.scores.recipe, whole=whole)
    return "; ".join(_choice_meaning(field, values, scene.words)
                     for field, values in choices.items())  # fmt: skip


def _choice_meaning(field: str, values: Any, words: Words) -> str:
    """Say what a choice is between; methods are named, whole tables described."""
    key = _CHOICES[field]
    if key not in _BY_METHOD:
        return words(f"choice_between.{key}")
    named = ", ".join(words(f"method.{one}").partition(" (")[0] for one in values)
    return words(f"choice_between.{key}", methods=named)


def _choice(field: str, scene: Scene) -> str:
    words = scene.words
    if field.startswith(_WEIGHT):
        layer = scene.dataset.catalogue.layer_by_id[field.removeprefix(_WEIGHT)]
        return words("robustness.weight_of", name=words.of(layer.name))
    return words(f"choice.{_CHOICES[field]}")


def _influence_rows(table: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    words = scene.words
    rows = table.rename(columns={"total_low": "low", "total_high": "high"})
    rows = rows.assign(name=[_choice(one, scene) for one in rows["input"]])
    rows["text"] = [
        words("robustness.matters_told", name=row["name"], total=words.percent(row["total"]),
              first=words.percent(max(row["first"], 0)), span=_span(row["low"], row["high"], words))
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return rows[["name", "first", "total", "low", "high", "text"]]


def _sobol_words(
    table: pd.DataFrame, rows: pd.DataFrame, report: Report, words: Words
) -> str:  # fmt: skip
    first = rows.iloc[0]
    said = words(
        "robustness.matters_words", places=words.number(report.settings["mean"]),
        name=first["name"], total=words.percent(first["total"]),
        alone=words.percent(max(first["first"], 0)), span=_span(first["low"], first["high"], words),
    )  # fmt: skip
    little = rows.loc[(table["total_high"] < _LITTLE).to_numpy(), "name"].tolist()
    if not little:
        return said
    return f"{said} " + words(
        "robustness.matters_little", names=_listed(little, words), share=words.percent(_LITTLE)
    )


def _span(low: float, high: float, words: Words) -> str:
    return f"{words.percent(max(low, 0))} – {words.percent(min(high, 1))}"


def _groups_in_words(groups: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    if groups.empty:
        return words("robustness.groups_none")
    lines = [
        words(
            "robustness.group", share=words.percent(one["group_share"].iloc[0], 1),
            names=", ".join(_named(f"indicator:{key}", scene) for key in one["indicator"]),
            factor=_times(one["factor"].iloc[0], words),
            lowest=words.number(one["lowest"].iloc[0], 2),
        )
        for _, one in groups.groupby("group")
    ]  # fmt: skip
    return (
        words("robustness.groups", count=len(lines))
        + "\n"
        + "\n".join(f"- {line}" for line in lines)
    )


def _times(factor: float, words: Words) -> str:
    return words.number(factor, 0 if abs(factor - round(factor)) < _SPECK else 1)


def _weights_in_words(layers: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    known = layers.dropna(subset=["ratio"]).sort_values("ratio", ascending=False)
    if len(known) < 2:  # noqa: PLR2004 -- with one layer there is nothing to contrast
        return words("robustness.effective_one")
    high, low = known.iloc[0], known.iloc[-1]
    return words(
        "robustness.effective_words", high=_named(high["key"], scene), low=_named(low["key"],
        scene), high_nominal=words.percent(high["nominal"], 1),
        high_effective=words.percent(high["effective"], 1),
        low_nominal=words.percent(low["nominal"], 1),
        low_effective=words.percent(low["effective"], 1),
    )  # fmt: skip


def _weights_table(rows: pd.DataFrame, label: str, scene: Scene) -> str:
    words = scene.words
    head = [words(f"robustness.{key}") for key in ("part", "nominal", "effective", "correlation")]
    cells = [
        [_named(row["key"], scene), words.percent(row["nominal"], 1),
         words.percent(row["effective"], 1), words.number(row["correlation"], 2)]
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return html_table(head, cells, label=label)


def _named(key: str, scene: Scene) -> str:
    """Name of ``layer:ID``, ``indicator:ID`` or ``index``."""
    kind, _, one = key.partition(":")
    catalogue = scene.dataset.catalogue
    if kind == "index":
        return scene.words("map.score")
    known: dict[str, Any] = {
        "layer": catalogue.layer_by_id, "indicator": catalogue.indicator_by_id
    }  # fmt: skip
    found: Layer | Indicator = known[kind][one]
    return scene.words.of(found.name)


def _listed(called: list[str], words: Words) -> str:
    # Some names hold a comma themselves.
    shown = "; ".join(called[:_NAMED]) or "–"
    more = len(called) - _NAMED
    return shown if more <= 0 else words("robustness.and_more", names=shown, count=more)
