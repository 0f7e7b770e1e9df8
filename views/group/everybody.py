"""All weightings laid over each other: where people agree, and where they do not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.classes import Classes, classify, ramp
from layers.study.group import AGREED
from layers.study.reports import report_group
from layers.table import names
from views.figures import Figure
from views.group import parts
from views.group.laid import pairs
from views.group.voices import MOST
from views.group.wishes import opposed_words
from views.search import search

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers import Dataset, Recipe, Scores
    from layers.study.group import Group
    from layers.study.reports import Report
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["LIMIT", "LIMITS", "MAP", "MAPS", "report", "show"]

#: Names in a sentence.
_FEW = 8
#: What the map shows, and ranges that can count as agreement, as shares of all ranks.
MAPS = {"disagreement": "map_disagreement", "agreement": "map_agreement"}
LIMITS = (0.05, AGREED, 0.2, 0.3)
#: Session keys of these two choices.
MAP, LIMIT = "weightings.map", "weightings.limit"
#: Classes of agreed regions, the worst first.
_QUARTERS = ("quarter_last", "quarter_third", "quarter_second", "quarter_best")
#: Of regions whose rank depends on the person; neither part of the ramp nor that of gaps.
_OPEN = "#d8d4cb"


def show(found: Group, scores: Scores, given: Callable[[], Report], scene: Scene) -> None:
    """Draw what the weightings have in common and what not.

    Parameters
    ----------
    scores : Scores
        Of one of them: names, years and selection.
    given : callable
        Makes the report that files hold.
    """
    words = scene.words
    shown, limit = _choices(words)
    _in_words(found, scores, limit, words)
    left, right = st.columns(2, gap="medium")
    with left:
        if shown == "agreement":
            _agreement(found, scores, limit, scene)
        else:
            _disagreement(found, scores, scene)
    with right:
        search(words)
        _region_table(found, scores, limit, scene, only_agreed=shown == "agreement")
    parts.downloads("all", partial(given), scene)


def report(people: dict[str, Recipe], dataset: Dataset, lens: str, limit: float) -> Report:
    """Run the analysis that files hold."""
    return report_group(pairs(people, dataset), lens=lens, agreed=limit)


def _choices(words: Words) -> tuple[str, float]:
    session = st.session_state
    session[MAP] = session.get(MAP) or next(iter(MAPS))
    session[LIMIT] = session.get(LIMIT) or AGREED
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        shown = st.segmented_control(
            words("weightings.map"), list(MAPS), key=MAP, required=True,
            format_func=lambda one: words(f"weightings.{MAPS[one]}"),
        )  # fmt: skip
    with right:
        limit = st.selectbox(
            words("weightings.limit"), LIMITS, key=LIMIT, help=words("weightings.limit_help"),
            format_func=lambda one: words("weightings.limit_of", share=words.percent(one)),
        )  # fmt: skip
    return str(shown), float(limit)


def _in_words(found: Group, scores: Scores, limit: float, words: Words) -> None:
    """Say where people agree and where they do not; opposite readings come first."""
    lines = opposed_words(found, words)
    lines += _quarters(found, scores, words)
    lines.append(_agreed_line(found, scores, limit, words))
    if found.kendall_w is not None:
        lines.append(_concordance(found, words))
    lines += _layer_lines(found, words)
    st.markdown("\n".join(f"- {line}" for line in lines))


def _quarters(found: Group, scores: Scores, words: Words) -> list[str]:
    called, chosen = names(scores), scores.selected
    always = [called[key] for key in found.always().index if chosen[key]]
    never = sum(bool(chosen[key]) for key in found.never().index)
    line = words("weightings.always", count=len(always), people=found.people)
    if always:
        few = "always_first" if len(always) > _FEW else "always_list"
        line += " " + words(f"weightings.{few}", names="; ".join(always[:_FEW]))
    return [line, words("weightings.never", count=never)]


def _agreed_line(found: Group, scores: Scores, limit: float, words: Words) -> str:
    agreed = found.agreed(limit)
    agreed = agreed[scores.selected.reindex(agreed.index).to_numpy(dtype=bool)]
    best = int(agreed["quarter"].eq(found.people).sum())
    return words("weightings.agreed", count=len(agreed), limit=found.limit(limit), best=best)


def _concordance(found: Group, words: Words) -> str:
    line = words("weightings.concordance", w=words.number(found.kendall_w, 2), people=found.people,
                 chance=words.number(found.chance_w, 2))  # fmt: skip
    if found.spearman is None:
        return line
    return f"{line} {words('weightings.mean_spearman', rho=words.number(found.spearman, 2))}"


def _layer_lines(found: Group, words: Words) -> list[str]:
    members, layers = found.layers.members, found.wishes.catalogue.layer_by_id
    lowest, highest = members["lowest"].to_dict(), members["highest"].to_dict()
    spans = {str(key): highest[key] - lowest[key] for key in members.index if highest[key] > 0}
    if not any(spans.values()):
        return []
    most, least = max(spans, key=spans.__getitem__), min(spans, key=spans.__getitem__)
    line = words(
        "weightings.layers", most=words.of(layers[most].name), low=words.percent(lowest[most]),
        high=words.percent(highest[most]), least=words.of(layers[least].name),
    )  # fmt: skip
    return [line]


def _disagreement(found: Group, scores: Scores, scene: Scene) -> None:
    words, state = scene.words, scene.state
    values = found.regions["range"].astype("float64")
    classes = classify(values, state.scheme, state.classes)
    shown = Figure(
        values=values, label=words("weightings.disagreement"),
        legend=words("weightings.range_legend"), decimals=0, classes=classes,
        colours=ramp("certainty", len(classes.bounds)),
    )  # fmt: skip
    parts.map_of("weightings.map_all", shown, scores, _group_lines(found, scores, words), scene)
    st.caption(words("weightings.all_caption", people=found.people, **parts.counted(scores, words)))


def _agreement(found: Group, scores: Scores, limit: float, scene: Scene) -> None:
    """Colour the regions whose rank hardly depends on the person by their quarter."""
    words = scene.words
    quarter = found.quarter_of_mean()
    agreed = found.regions["range"].le(found.limit(limit)).fillna(value=False)
    # Class 0 is what depends on the person; from 1 on the worst quarter to the best.
    codes = (len(_QUARTERS) + 1 - quarter).where(agreed, 0).where(quarter.notna())
    colours = (_OPEN, *ramp("potential", len(_QUARTERS)))
    labels = [
        words("weightings.open"),
        *(words(f"weightings.{one}") for one in _QUARTERS),
    ]
    counts = tuple(int(codes.eq(one).sum()) for one in range(len(colours)))
    classes = Classes(
        codes=codes.fillna(-1).astype(int), bounds=tuple((one, one) for one in range(len(colours))),
        counts=counts, missing=int(codes.isna().sum()), scheme="quantiles",
    )  # fmt: skip
    shown = Figure(
        values=codes, label=words("weightings.agreement"), decimals=0, classes=classes,
        legend=words("weightings.agreement_legend", limit=found.limit(limit)), colours=colours,
    )  # fmt: skip
    parts.map_of(
        "weightings.map_agreed", shown, scores, _group_lines(found, scores, words), scene,
        legend=[
            {"colour": colour, "label": label, "count": count}
            for colour, label, count in zip(colours, labels, counts, strict=True)
        ],
        description=_agreed_line(found, scores, limit, words),
    )  # fmt: skip
    st.caption(
        words("weightings.agreement_caption", people=found.people, limit=found.limit(limit),
              share=words.percent(limit), **parts.counted(scores, words))
    )  # fmt: skip


def _group_lines(found: Group, scores: Scores, words: Words) -> list[list[str]]:
    called, table = names(scores).tolist(), found.regions
    outside = (scores.reason == "outside").tolist()
    columns = (table[key].tolist() for key in ("rank_best", "rank_worst", "range", "quarter"))
    lines: list[list[str]] = []
    for name, left_out, low, high, span, quarter in zip(called, outside, *columns, strict=True):
        if left_out or pd.isna(span):
            more = [words("map.tip_outside" if left_out else "map.tip_none")]
        else:
            more = [
                words("weightings.tip_range", low=words.number(low), high=words.number(high),
                      range=words.number(span)),
                words("weightings.tip_quarter", count=quarter, people=found.people),
            ]  # fmt: skip
        lines.append([name, *more])
    return lines


def _region_table(
    found: Group, scores: Scores, limit: float, scene: Scene, *, only_agreed: bool
) -> None:
    """All regions with what the map shows, and the ranks of one under every weighting."""
    words, region = scene.words, scene.state.selected
    if region:
        _one_region(found, region, names(scores)[region], words)
    table = found.regions.assign(name=names(scores))[scores.selected.to_numpy()]
    alt = words("weightings.agreed_alt") if only_agreed else words("weightings.table_alt")
    if only_agreed:
        table = table[table["range"].le(found.limit(limit)).fillna(value=False)]
        table = table.sort_values("rank_mean")
    else:
        table = table.sort_values(["range", "deviation"], ascending=False, na_position="last")
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame({
            "name": table["name"], "range": table["range"].astype("Int64"),
            "best": table["rank_best"].astype("Int64"),
            "worst": table["rank_worst"].astype("Int64"), "quarter": table["quarter"],
            "mean": table["rank_mean"].round(1),
        }),
        hide_index=True, height=420, alt=alt,
        column_config={
            "name": st.column_config.TextColumn(words("table.name"), width=150),
            "range": number(words("weightings.range"), width=62),
            "best": number(words("weightings.best"), width=56),
            "worst": number(words("weightings.worst"), width=86),
            "mean": number(words("weightings.mean"), format="localized", width=65),
            "quarter": number(
                words("weightings.quarter"), width=98,
                help=words("weightings.quarter_help", people=found.people),
            ),
        },
    )  # fmt: skip


def _one_region(found: Group, region: str, name: str, words: Words) -> None:
    """Rank of one region under every weighting; of many people only a summary."""
    st.markdown(f"**{name}**")
    ranks = found.ranks.T[region].astype("float64")
    if len(ranks) > MOST:
        st.markdown(_many_ranks(ranks, words))
        return
    chosen = pd.DataFrame({
        words("weightings.weighting"): list(ranks.index),
        words("table.rank"): [words.number(one) for one in ranks.tolist()],
    })  # fmt: skip
    st.dataframe(chosen, hide_index=True, height="content",
                 alt=words("weightings.ranks_of", name=name))  # fmt: skip


def _many_ranks(ranks: pd.Series, words: Words) -> str:
    known = ranks.dropna()
    if known.empty:
        return words("map.tip_none")
    return words(
        "weightings.many_ranks", people=len(known), low=words.number(float(known.min())),
        high=words.number(float(known.max())), mean=words.number(float(known.mean())),
    )  # fmt: skip
