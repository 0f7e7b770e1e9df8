"""The round on the page: how it is begun, a turn, handing on, and the end.

While a round is on, the page shows nothing but it; the sidebar of all pages, its way back and the
link say the weights that everybody begins with, and are set to them anew whenever the device
changes hands. What was there before comes back at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import streamlit as st

from layers.catalogue import INDEX
from layers.errors import PotenzialatlasError
from layers.seen import seen
from layers.shares import percentages
from layers.study.group import layer_shares
from views import controls, history, store
from views.frame import entered
from views.group import keeping, laid, voices
from views.group.round_of_people import Round
from views.weight_slider import STEPS, factor

if TYPE_CHECKING:
    from layers.catalogue import Catalogue, Direction, Indicator, Layer
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from views.frame import Scene
    from views.group.voices import Voice
    from views.history import Trail
    from views.i18n import Words
    from views.state import PageState

__all__ = ["offer", "running", "show"]

Start = Literal["equal", "present"]
_ROUND, _BEFORE, _FAULT, _WIDGETS = "round", "round.before", "round.fault", "round."
_START = "weightings.start"
_SEVERAL = 2
#: Layers side by side.
_COLUMNS = 2
#: What an indicator may do, and what that is called.
_COUNTS: dict[Direction, str] = {"+": "counts_up", "-": "counts_down", "0": "counts_off"}
_STARTS: dict[Start, str] = {"equal": "start_equal", "present": "start_present"}
_ASKED = {"end": ("end_title", "end_text"), "drop": ("drop_title", "drop_text")}


@dataclass(frozen=True)
class _Before:
    """What is set aside while a round is on."""

    state: PageState
    trail: Trail | None
    voices: tuple[Voice, ...]


def running() -> bool:
    """Whether a round is on in this session."""
    return _ROUND in st.session_state


def offer(scene: Scene) -> None:
    """Say how a round works, and offer to begin one."""
    words = scene.words
    st.subheader(words("round.heading"), anchor=False)
    st.markdown(words("round.how"))
    st.radio(
        words("round.start"), list(_STARTS), key=_START, horizontal=True,
        format_func=lambda one: words(f"round.{_STARTS[one]}"),
    )  # fmt: skip
    st.button(words("round.begin"), key="round.begin", icon=":material/groups:",
              on_click=_begin, args=(scene,))  # fmt: skip


def show(dataset: Dataset, words: Words) -> None:
    """Draw the round in the place of the page."""
    if entered():
        _keep(_now().covered())
    now = _now()
    view = seen(dataset, now.start)
    if now.asking:
        _confirm(now, words)
    elif now.draft is None:
        _handing_on(now, dataset, words)
    elif now.paused:
        _interrupted(now, dataset, words)
    else:
        _turn(now, now.draft, view.catalogue, dataset, words)


def _now() -> Round:
    found: Round = st.session_state[_ROUND]
    return found


def _keep(found: Round) -> None:
    st.session_state[_ROUND] = found


# Screens


def _handing_on(now: Round, dataset: Dataset, words: Words) -> None:
    """Nothing of anybody's weights stands here."""
    done = len(now.said)
    if done:
        st.markdown(words("round.done_one") if done == 1 else words("round.done", count=done))
    st.subheader(words("round.next", number=now.number), anchor=False)
    st.markdown(words("round.hand_over" if done else "round.first"))
    if now.full:
        st.info(words("round.full", most=done))
    else:
        st.button(words("round.take", number=now.number), key="round.take", type="primary",
                  on_click=_step, args=("begun", dataset))  # fmt: skip
    st.divider()
    st.caption(words("round.end_note"))
    with st.container(horizontal=True, gap="small"):
        st.button(words("round.end"), key="round.end", on_click=_ask, args=("end",),
                  disabled=done < _SEVERAL,
                  help=words("round.end_few") if done < _SEVERAL else None)  # fmt: skip
        st.button(words("round.drop"), key="round.drop", type="tertiary", on_click=_ask,
                  args=("drop",))  # fmt: skip


def _interrupted(now: Round, dataset: Dataset, words: Words) -> None:
    st.subheader(words("round.paused", number=now.number), anchor=False)
    st.markdown(words("round.paused_text", number=now.number))
    with st.container(horizontal=True, gap="small"):
        st.button(words("round.resume", number=now.number), key="round.resume", type="primary",
                  on_click=_resume)  # fmt: skip
        st.button(words("round.restart"), key="round.restart", on_click=_step,
                  args=("begun", dataset))  # fmt: skip
        st.button(words("round.back"), key="round.back", type="tertiary", on_click=_step,
                  args=("left", dataset))  # fmt: skip


def _confirm(now: Round, words: Words) -> None:
    title, text = _ASKED[now.asking]
    st.subheader(words(f"round.{title}"), anchor=False)
    st.markdown(words(f"round.{text}", count=len(now.said)))
    with st.container(horizontal=True, gap="small"):
        st.button(words("round.no"), key="round.no", on_click=_ask, args=("",))
        if now.asking == "end":
            st.button(words("round.end_yes"), key="round.yes", type="primary", on_click=_end)
        else:
            st.button(words("round.drop_yes"), key="round.yes", on_click=_drop)


def _turn(
    now: Round, draft: Recipe, catalogue: Catalogue, dataset: Dataset, words: Words
) -> None:  # fmt: skip
    """Let one person weigh."""
    st.subheader(words("round.turn", number=now.number), anchor=False)
    st.markdown(words("round.turn_text"))
    _fault()
    _sliders(now, draft, catalogue, words)
    with st.expander(words("round.indicators")):
        _indicators(now, draft, catalogue, words)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input(words("round.name"), key=_key(now, "name"), max_chars=80, width=320,
                      placeholder=words("weightings.person", number=now.number),
                      help=words("round.name_help"))  # fmt: skip
        st.button(words("round.ready"), key="round.ready", type="primary", on_click=_hand_on,
                  args=(dataset, words))  # fmt: skip
        st.button(words("round.back"), key="round.back", type="tertiary", on_click=_step,
                  args=("left", dataset))  # fmt: skip


def _fault() -> None:
    if told := st.session_state.pop(_FAULT, ""):
        st.warning(told)


def _sliders(now: Round, draft: Recipe, catalogue: Catalogue, words: Words) -> None:
    layers = [one for one in catalogue.sublayers(INDEX) if catalogue.below(one.id)]
    shares = _percentages(draft, catalogue)
    columns = st.columns(_COLUMNS, gap="large")
    half = -(-len(layers) // _COLUMNS)
    for place, layer in enumerate(layers):
        with columns[place // half]:
            _slider(now, draft, layer, shares[layer.id], words)


def _slider(now: Round, draft: Recipe, layer: Layer, share: float, words: Words) -> None:
    key = _key(now, f"w.{layer.id}")
    weight = draft.weight("layer", layer.id, layer.weight)
    st.select_slider(
        words.of(layer.name), sorted({*STEPS, weight}), value=weight, key=key,
        format_func=lambda one: factor(one, words), help=words.of(layer.description) or None,
        on_change=_weigh, args=(key, layer),
    )  # fmt: skip
    st.caption(words("round.share", share=words.percent(share / 100, 1)))


def _percentages(draft: Recipe, catalogue: Catalogue) -> dict[str, float]:
    try:
        shares = layer_shares(catalogue, draft)
    except PotenzialatlasError:
        # Nothing has a weight yet; said when the person wants to hand on.
        return {one.id: 0.0 for one in catalogue.sublayers(INDEX)}
    return dict(zip(map(str, shares.index), percentages(shares.to_numpy(), 1), strict=True))


def _indicators(now: Round, draft: Recipe, catalogue: Catalogue, words: Words) -> None:
    """Let indicators of one layer count or not, and be read otherwise."""
    st.caption(words("round.indicators_note"))
    layers = [one for one in catalogue.layers if one.indicators]
    chosen = st.selectbox(
        words("round.layer"), [one.id for one in layers], key=_key(now, "layer"), index=None,
        format_func=lambda one: words.of(catalogue.layer_by_id[one].name),
        placeholder=words("round.layer_hint"),
    )  # fmt: skip
    if chosen is None:
        return
    layer = catalogue.layer_by_id[chosen]
    if layer.contested:
        _turnable(now, draft, layer, words)
    for one in layer.indicators:
        _indicator(now, draft, one, words)


def _turnable(now: Round, draft: Recipe, layer: Layer, words: Words) -> None:
    key = _key(now, f"turn.{layer.id}")
    sign = draft.direction("layer", layer.id, layer.direction)
    st.checkbox(
        words("weights.turn"), value=sign != layer.direction, key=key,
        help=words.of(layer.rationale) or None, on_change=_turn_layer, args=(key, layer),
    )  # fmt: skip


def _indicator(now: Round, draft: Recipe, one: Indicator, words: Words) -> None:
    key = _key(now, f"i.{one.id}")
    signs = list(_COUNTS)
    off = draft.weight("indicator", one.id, one.weight) == 0
    sign = "0" if off else draft.direction("indicator", one.id, one.direction)
    mark = f" ({words('weights.contested')})" if one.contested else ""
    st.selectbox(
        words.of(one.name) + mark, signs, index=signs.index(sign), key=key,
        format_func=lambda sign: words(f"round.{_COUNTS[sign]}"),
        help=f"{words.of(one.definition)}\n\n{words.of(one.rationale)}",
        on_change=_count, args=(key, one),
    )  # fmt: skip


# What the widgets do


def _key(now: Round, part: str) -> str:
    """Key of a widget that only one person sees, so that nobody finds another's values in it."""
    return f"{_WIDGETS}{now.number}.{part}"


def _weigh(key: str, layer: Layer) -> None:
    value = st.session_state[key]
    if isinstance(value, int | float):
        _keep(_now().weighed(layer.id, float(value), layer.weight))


def _turn_layer(key: str, layer: Layer) -> None:
    other: Direction = "-" if layer.direction == "+" else "+"
    sign = other if st.session_state[key] else layer.direction
    _keep(_now().turned(layer.id, sign, layer.direction))


def _count(key: str, one: Indicator) -> None:
    sign = st.session_state[key]
    if sign in _COUNTS:
        _keep(_now().counted(one, sign))


def _step(what: Literal["begun", "left"], dataset: Dataset) -> None:
    now = _now()
    _forget_widgets()
    _cover(now, dataset)
    _keep(now.begun() if what == "begun" else now.left())


def _resume() -> None:
    _keep(_now().resumed())


def _ask(what: Literal["", "end", "drop"]) -> None:
    _keep(_now().asked(what))


def _hand_on(dataset: Dataset, words: Words) -> None:
    now = _now()
    name = str(st.session_state.get(_key(now, "name"), ""))
    try:
        then = now.passed_on(name, dataset)
    except PotenzialatlasError as error:
        known = error.code == "no_weight"
        st.session_state[_FAULT] = (
            words("round.no_weight") if known else words("error.other", message=error)
        )
        return
    _forget_widgets()
    _cover(now, dataset)
    _keep(then)


def _begin(scene: Scene) -> None:
    session, state = st.session_state, scene.state
    start = _start_recipe(scene, session.get(_START, "equal"))
    session[_BEFORE] = _Before(state, history.trail(), keeping.kept() or ())
    found = Round(start)
    _keep(found)
    _cover(found, scene.dataset)


def _start_recipe(scene: Scene, start: Start) -> Recipe:
    recipe = scene.state.recipe.model_copy(update={"members": ()})
    if start == "present":
        return recipe
    usual = next(iter(store.presets().values()))
    equal = usual.model_copy(update={"lens": recipe.lens})
    return controls.with_weights(recipe, equal)


def _cover(now: Round, dataset: Dataset) -> None:
    """Let sidebar, way back and link say where everybody begins, and nothing else."""
    session = st.session_state
    before: _Before = session[_BEFORE]
    state = replace(before.state, own={}).with_recipe(now.start)
    _put(state.with_language(session.get("last", state).language), dataset)
    history.forget()
    history.begin(now.start)
    for key in ("contested_before", "recipe_name", "load", "weightings.name"):
        session.pop(key, None)
    session.get("own", {}).pop("weightings", None)
    keeping.keep(())
    laid.forget()


def _put(state: PageState, dataset: Dataset) -> None:
    controls.fill(state.shown(dataset), dataset)
    st.session_state["last"] = state


def _forget_widgets() -> None:
    session = st.session_state
    for key in [str(key) for key in session if str(key).startswith(f"{_WIDGETS}{_now().number}.")]:
        del session[key]


def _end() -> None:
    """Show what everybody said: in the place of the example, or beside what was there."""
    now, before = _now(), _close()
    example = voices.write_voices(before.voices, store.presets())[0] == ""
    given = () if example else before.voices
    keeping.keep(voices.all_added(given, now.said, store.dataset()))


def _drop() -> None:
    keeping.keep(_close().voices)


def _close() -> _Before:
    """End the round and put back what it set aside."""
    session = st.session_state
    _forget_widgets()
    before: _Before = session.pop(_BEFORE)
    del session[_ROUND]
    last: PageState = session.get("last", before.state)
    _put(before.state.with_language(last.language), store.dataset())
    history.put_back(before.trail)
    # The page takes up no link now: what it had been is there again.
    session["written"] = st.query_params.to_dict()
    session.setdefault("own", {})["weightings"] = {}
    return before
