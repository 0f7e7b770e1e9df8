"""Part of the page of distributions: what is asked for, restored from a link and written back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from layers.errors import RecipeError
from layers.shares import percentages
from layers.study.apportion import evenly
from layers.study.distribution import MOST_PEOPLE
from layers.study.distribution_presets import WHOLE, parts_on_offer, presets, rebalanced
from layers.study.distribution_rule import INDICATOR, Rule
from layers.study.present import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from views.frame import Scene

__all__ = ["KEYS", "OWN", "VIEWS", "Asked", "ask", "land_name", "link", "part_name", "rule_name"]

#: Keys of the link that belong to the page.
KEYS = ("n", "steps", "each", "mix", "cap", "present", "land", "scope", "view")
#: What the map shows.
VIEWS = ("rate", "difference", "against")
#: Stands for a mixture that no rule on offer has.
OWN = "own"
_USUAL = 100_000
#: One person alone is nobody to be shared out.
_FEWEST = 2
_MOST_STEPS = 12
_LEAST_CAP = 0.1
_SCOPES = ("all", "land", "selected")
_IN_A_ROW = 3
_PEOPLE, _STEPS, _EACH = "distribution.people", "distribution.steps", "distribution.each"
_SCOPE, _LAND, _RULE = "distribution.scope", "distribution.land", "distribution.rule"
_CAP, _PRESENT, _VIEW = "distribution.cap", "distribution.present", "distribution.view"
_OPEN, _MIX = "distribution.open", "distribution.mix."


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know.

    Attributes
    ----------
    people : tuple of int
        People of each step.
    preset : str
        Key of the rule on offer that it is, or `OWN`.
    """

    people: tuple[int, ...]
    rule: Rule
    preset: str


def ask(scene: Scene) -> Asked | None:
    """Draw the inputs; None where something is still to be chosen, which then is said."""
    words, offered = scene.words, presets(scene.scores)
    mixed = parts_on_offer(scene.scores)
    _restore(scene, mixed)
    people, scope, rule = st.columns([1, 1.2, 1.6], vertical_alignment="bottom")
    people.number_input(
        words("distribution.people"), _FEWEST, MOST_PEOPLE, step=100, key=_PEOPLE, format="%d",
        help=words("distribution.people_help", most=MOST_PEOPLE),
    )  # fmt: skip
    scopes = _SCOPES if "land" in scene.dataset.regions else (_SCOPES[0], _SCOPES[2])
    scope.selectbox(
        words("distribution.scope"), scopes, key=_SCOPE,
        format_func=lambda one: words(f"distribution_scope.{one}"),
    )  # fmt: skip
    rule.selectbox(
        words("distribution.rule"), [*offered, OWN], key=_RULE, on_change=_take, args=(scene,),
        format_func=lambda one: (
            words("distribution.own") if one == OWN else words.of(offered[one].name)
        ),
    )  # fmt: skip
    if st.session_state[_SCOPE] == "land":
        _land(scene)
    with st.expander(words("distribution.details"), expanded=st.session_state[_OPEN]):
        _mixture(mixed, scene)
        _bound_and_steps(scene)
    return _asked(mixed, scene)


def link(asked: Asked | None, scene: Scene) -> dict[str, str]:
    """Return what the link has to remember; what is as usual is left out."""
    if asked is None:
        return dict(scene.own)
    session = st.session_state
    usual = next(iter(presets(scene.scores)))
    kept = asked.rule.to_link()
    if asked.preset == usual:
        kept.pop("mix")
    steps = session[_STEPS]
    kept |= {
        "n": "" if session[_PEOPLE] == _USUAL else str(session[_PEOPLE]),
        "steps": "" if steps == 1 else str(steps),
        "each": "on" if session[_EACH] and steps > 1 else "",
        "view": "" if session[_VIEW] == VIEWS[0] else session[_VIEW],
    }
    return kept


def land_name(key: str, scene: Scene) -> str:
    """Name of a Land, or its key where the dataset has no words for it."""
    attributes = scene.dataset.attributes
    values = attributes["land"].values if "land" in attributes else {}
    return scene.words.of(values[key]) if key in values else key


def part_name(part: str, scene: Scene) -> str:
    """Name of a part of the rule."""
    words, key = scene.words, part.removeprefix(INDICATOR)
    known = scene.dataset.plain.catalogue.indicator_by_id
    if key in known:
        return words("distribution_part.indicator", name=words.of(known[key].name))
    return words(f"distribution_part.{part}")


def rule_name(asked: Asked, scene: Scene) -> str:
    """Name of the rule, or its parts with their shares."""
    if asked.preset != OWN:
        return scene.words.of(presets(scene.scores)[asked.preset].name)
    return ", ".join(
        f"{part_name(part, scene)} {scene.words.percent(share)}"
        for part, share in asked.rule.shares.items()
    )


def _restore(scene: Scene, mixed: list[str]) -> None:
    """Take what the link says where it makes sense, else what is usual."""
    session, own = st.session_state, scene.own
    asked = _usual(scene, mixed)
    try:
        asked |= _linked(own, scene, mixed)
    except RecipeError:
        if scene.arrived:
            st.warning(scene.words("distribution.damaged"))
    for key, value in asked.items():
        if scene.arrived or key not in session:
            session[key] = value
    if session[_RULE] not in (*presets(scene.scores), OWN):
        session[_RULE] = OWN
    if sum(int(session[_MIX + part]) for part in mixed) != WHOLE:
        # A part that another grouping leaves out took its share with it.
        usual = _usual(scene, mixed)
        session.update({key: usual[key] for key in (_RULE, *(_MIX + part for part in mixed))})


def _usual(scene: Scene, mixed: list[str]) -> dict[str, object]:
    offered = presets(scene.scores)
    first = next(iter(offered))
    mixture = {part: offered[first].mixture.get(part, 0) for part in mixed}
    own = scene.own
    return {
        _PEOPLE: _number(own.get("n"), _USUAL, _FEWEST, MOST_PEOPLE),
        _STEPS: _number(own.get("steps"), 1, 1, _MOST_STEPS), _EACH: own.get("each") == "on",
        _SCOPE: _SCOPES[0], _LAND: [], _RULE: first, _CAP: None, _PRESENT: False,
        _VIEW: own.get("view") if own.get("view") in VIEWS else VIEWS[0], _OPEN: False,
        **{_MIX + part: percent for part, percent in mixture.items()},
    }  # fmt: skip


def _linked(own: Mapping[str, str], scene: Scene, mixed: list[str]) -> dict[str, object]:
    """Values of the widgets that a rule in the link stands for.

    Raises
    ------
    RecipeError
        If it is damaged, or asks for what the dataset lacks.
    """
    rule = Rule.from_link(own)
    regions = scene.dataset.regions
    known = set(regions["land"]) if "land" in regions else set()
    if not set(rule.land) <= known or not set(rule.mixture) <= set(mixed):
        raise RecipeError("link: a Land or a part of the rule is not known here.")
    if rule.cap is not None and rule.cap < _LEAST_CAP:
        raise RecipeError(f"link: the bound has to be {_LEAST_CAP} or more.")
    asked: dict[str, object] = {
        _LAND: list(rule.land), _CAP: rule.cap, _PRESENT: rule.count_present,
        _SCOPE: "selected" if rule.selected else "land" if rule.land else "all",
        _OPEN: rule.cap is not None or "steps" in own,
    }  # fmt: skip
    if "mix" in own:
        weights = np.array([rule.mixture.get(part, 0.0) for part in mixed])
        whole = dict(zip(mixed, map(int, percentages(weights, 0)), strict=True))
        asked |= {_MIX + part: percent for part, percent in whole.items()}
        asked[_RULE] = _preset_of(whole, scene)
        asked[_OPEN] = bool(asked[_OPEN]) or asked[_RULE] == OWN
    return asked


def _number(text: str | None, usual: int, least: int, most: int) -> int:
    """Read a whole number of a link, or take the usual one where it is none or too large."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return usual
    return int(text) if least <= int(text) <= most else usual


def _preset_of(mixture: Mapping[str, int], scene: Scene) -> str:
    """Key of the rule on offer with this mixture."""
    given = {part: percent for part, percent in mixture.items() if percent}
    found = (key for key, one in presets(scene.scores).items() if one.mixture == given)
    return next(found, OWN)


def _take(scene: Scene) -> None:
    """Set the mixture to that of the rule on offer that was chosen."""
    session = st.session_state
    chosen = presets(scene.scores).get(session[_RULE])
    session[_OPEN] = session[_OPEN] or chosen is None
    if chosen is not None:
        for part in parts_on_offer(scene.scores):
            session[_MIX + part] = chosen.mixture.get(part, 0)


def _move(part: str, before: Mapping[str, int], scene: Scene) -> None:
    """Let the other shares give way to the one that was moved."""
    session = st.session_state
    after = rebalanced(before, part, int(session[_MIX + part]))
    for one, percent in after.items():
        session[_MIX + one] = percent
    session[_RULE] = _preset_of(after, scene)
    session[_OPEN] = True


def _land(scene: Scene) -> None:
    words, regions = scene.words, scene.dataset.regions
    st.multiselect(
        words("distribution.land"), sorted(regions["land"].unique()), key=_LAND,
        format_func=lambda one: land_name(one, scene), placeholder=words("distribution.land_hint"),
    )  # fmt: skip


def _mixture(mixed: list[str], scene: Scene) -> None:
    words, session = scene.words, st.session_state
    st.markdown(f"**{words('distribution.mixture')}**")
    before = {part: int(session[_MIX + part]) for part in mixed}
    percent = words.percent(0).replace("%", "%%").replace("0", "%d")
    for start in range(0, len(mixed), _IN_A_ROW):
        columns = st.columns(_IN_A_ROW, gap="medium")
        for part, column in zip(mixed[start : start + _IN_A_ROW], columns, strict=False):
            column.slider(
                part_name(part, scene), 0, WHOLE, key=_MIX + part, format=percent,
                on_change=partial(_move, part, before, scene), help=_part_help(part, scene),
            )  # fmt: skip
    st.caption(words("distribution.mixture_note"))


def _part_help(part: str, scene: Scene) -> str:
    words, key = scene.words, part.removeprefix(INDICATOR)
    if key in scene.scores.years:
        return words("distribution_help.indicator", year=int(scene.scores.years[key]))
    return words(f"distribution_help.{part}")


def _bound_and_steps(scene: Scene) -> None:
    words, session = scene.words, st.session_state
    cap, steps = st.columns(2, gap="medium")
    cap.number_input(
        words("distribution.cap"), min_value=_LEAST_CAP, max_value=1_000.0, value=None, step=0.5,
        key=_CAP, format="%.1f", placeholder=words("distribution.cap_none"),
        help=words("distribution.cap_help"),
    )  # fmt: skip
    now = present(scene.scores)
    if now is not None:
        cap.checkbox(
            words("distribution.count_present"), key=_PRESENT, disabled=session[_CAP] is None,
            help=words("distribution.count_present_help", year=now.year),
        )  # fmt: skip
    steps.number_input(
        words("distribution.steps"), 1, _MOST_STEPS, step=1, key=_STEPS,
        help=words("distribution.steps_help"),
    )  # fmt: skip
    steps.checkbox(words("distribution.each"), key=_EACH, disabled=session[_STEPS] == 1)


def _asked(mixed: list[str], scene: Scene) -> Asked | None:
    session, words = st.session_state, scene.words
    scope, land = session[_SCOPE], tuple(session[_LAND] or ())
    if scope == "land" and not land:
        st.info(words("distribution.no_land"))
        return None
    mixture = {part: int(session[_MIX + part]) for part in mixed}
    cap = session[_CAP]
    rule = Rule(
        mixture={part: float(percent) for part, percent in mixture.items() if percent},
        cap=cap, count_present=cap is not None and bool(session.get(_PRESENT)),
        land=land if scope == "land" else (), selected=scope == "selected",
    )  # fmt: skip
    number, steps = int(session[_PEOPLE]), int(session[_STEPS])
    people = (number,) * steps if session[_EACH] else evenly(number, min(steps, number))
    if sum(people) > MOST_PEOPLE:
        st.warning(words("distribution.refused_too_many", people=sum(people), most=MOST_PEOPLE))
        return None
    return Asked(people, rule, _preset_of(mixture, scene))
