"""The sidebar's widgets and the recipe they stand for.

The widgets' values live in the session under fixed keys. `fill` sets them from a state, `collect`
reads the state back, and `show` draws them: a page fills when its link or preset changes, collects
at the start of every run, and draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from layers.catalogue import INDEX, Text
from layers.errors import PotenzialatlasError
from layers.kinds import COLUMNS, PARTS
from layers.recipe import Normalise, Recipe, Reference
from layers.regrouped import with_lens
from layers.seen import seen
from layers.shares import percentages
from layers.weigh import plan
from views import document, history, lens_words
from views.file_input import file_input
from views.i18n import LANGUAGES
from views.i18n import words as words_of
from views.recipe_files import read_recipe, why_refused
from views.state import OWN_NAME, SPREADS, PageState, check, read
from views.weight_slider import weight_slider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.catalogue import Catalogue, Indicator, Layer
    from layers.dataset import Dataset
    from layers.weigh import Plan
    from views.file_input import GivenFile
    from views.i18n import Language, Words

__all__ = [
    "collect", "fill", "language", "loaded_recipe", "named", "relabel", "show", "take_weights",
    "with_weights",
]  # fmt: skip

_OWN = "own"
#: Fields of a recipe that weigh: those of a preset.
_WEIGHING = ("lens", "weights", "directions")
#: Why the file that was just given is not taken.
_REFUSED = "file.refused"
#: Methods on offer; further ones, which need numbers of their own, come with a loaded recipe.
_TREATMENTS = ("none", "winsorise", "winsorise_then_log")
_SCALES = ("minmax", "zscore", "rank", "percentile", "robust")
_MEANS = ("arithmetic", "geometric", "harmonic", "median", "mpi")
#: Means of values above 0 only, and the scale that they get where the usual one starts at 0.
_OF_POSITIVE = ("geometric", "harmonic")
_ABOVE_ZERO = (1.0, 100.0)
#: How the keys of widgets begin that lie in a popover.
_IN_POPOVERS = ("on.", "dir.", "turn.", "scheme", "classes", "doubt", "recipe_name", "f.kind_")
#: Stands for a value that no widget has.
_NOT_HELD = object()


def fill(state: PageState, dataset: Dataset) -> None:
    """Set every widget to what `state` says."""
    st.session_state.update(_widget_values(state, dataset))
    st.session_state["base"] = state.recipe


def _widget_values(state: PageState, dataset: Dataset) -> dict[str, Any]:
    recipe = state.recipe
    dataset = seen(dataset, recipe)
    catalogue = dataset.catalogue
    values: dict[str, Any] = {
        "language": state.language, "spread": state.spread, "scope": recipe.reference.set,
        "treat": recipe.treat.method, "normalise": recipe.normalise.method,
        "mean": recipe.aggregate.method, "lens": recipe.lens,
        "show": state.show, "scheme": state.scheme, "classes": state.classes,
        "doubt": state.doubt, "selected": state.selected or None,
    }  # fmt: skip
    for layer in catalogue.layers:
        values[f"w.{layer.id}"] = recipe.weight("layer", layer.id, layer.weight)
        sign = recipe.direction("layer", layer.id, layer.direction)
        values[f"turn.{layer.id}"] = sign != layer.direction
    for key, one in catalogue.indicator_by_id.items():
        sign = recipe.direction("indicator", key, one.direction)
        values[f"on.{key}"] = sign != "0" and recipe.weight("indicator", key, one.weight) > 0
        values[f"dir.{key}"] = sign if sign != "0" else "+"
    for column in dataset.attributes:
        allowed = recipe.filter.get(column, [])
        values[f"f.{column}"] = [str(one) for one in allowed] if isinstance(allowed, list) else []
    return values


def collect(dataset: Dataset, presets: Mapping[str, Recipe]) -> PageState:
    """Read the state that the widgets stand for.

    What no widget shows (an interval in a filter, weights inside a layer, the year) is kept from
    the recipe that was last loaded.
    """
    _keep_hidden(dataset)
    dataset = seen(dataset, st.session_state["base"])
    recipe = _recipe(dataset, st.session_state["base"])
    if recipe.members and not _weighs_alike(recipe, st.session_state["base"], dataset.catalogue):
        # Other weights are no longer those of these people.
        recipe = recipe.model_copy(update={"members": ()})
    preset = _preset_of(recipe, presets)
    st.session_state["preset"] = preset
    if preset != _OWN:
        named = presets[preset]
        recipe = recipe.model_copy(update={"name": named.name, "description": named.description})
    elif recipe.name in {Recipe().name, *(one.name for one in presets.values())} or not (
        _weighs_alike(recipe, st.session_state["base"], dataset.catalogue)
    ):
        recipe = recipe.model_copy(update={"name": OWN_NAME, "description": Recipe().description})
    values = st.session_state
    state = PageState(
        recipe=recipe, language=values["language"] or LANGUAGES[0], show=values["show"],
        selected=values["selected"] or "", scheme=values["scheme"], classes=values["classes"],
        spread=values["spread"], doubt=values["doubt"],
    )  # fmt: skip
    st.session_state["last"] = state
    history.record(state.recipe)
    _reflect(dataset.catalogue)
    return state


def _weighs_alike(recipe: Recipe, loaded: Recipe, catalogue: Catalogue) -> bool:
    """Whether weights and directions are still those that came with the name."""
    try:
        return plan(catalogue, recipe) == plan(catalogue, loaded)
    except PotenzialatlasError:
        return False


def _reflect(catalogue: Catalogue) -> None:
    """Set the switch of all contested matters by what the single widgets say."""
    session = st.session_state
    session["uncontested"] = not any(session[key] for key in _contested(catalogue))


def _contested(catalogue: Catalogue) -> list[str]:
    """Widgets of the indicators, and of whole layers, whose direction is contested."""
    layers = [f"w.{one.id}" for one in catalogue.layers if one.contested]
    indicators = catalogue.indicator_by_id.items()
    return [*layers, *(f"on.{key}" for key, one in indicators if one.contested)]


def _keep_hidden(dataset: Dataset) -> None:
    """Keep the values of widgets that are not in sight, which Streamlit would forget.

    Those that an error kept off the page are given their last value back. Those inside a closed
    popover are set anew in every run, because the browser shows a value only if it was set in the
    run before the popover is opened.
    """
    values = st.session_state
    last: PageState | None = values.get("last")
    if last is None:
        return
    again: dict[str, Any] = {}
    for key, usual in {**_widget_values(last, dataset), "recipe_name": ""}.items():
        value = values.get(key, _NOT_HELD)
        if value is _NOT_HELD:
            again[key] = usual
        elif key.startswith(_IN_POPOVERS):
            again[key] = value
    values.update(again)


def relabel() -> None:
    """Give all widgets their values anew, since the language has changed.

    A browser names a choice by its label. It keeps the label of the other language unless it is
    told the value, and the next run would look for it among choices that are called otherwise.
    """
    values = st.session_state
    for key, value in list(values.items()):
        if isinstance(value, str | list):
            values[key] = value


def show(
    dataset: Dataset, presets: Mapping[str, Recipe], scheme: Plan | None, words: Words
) -> None:
    """Draw all controls of the sidebar; `scheme` gives the shares beside the weights."""
    language(weights=True)
    _weights(dataset, presets, scheme, words)
    _filters(dataset, words)
    _method(words)


def language(*, weights: bool = False) -> Language:
    """Draw the switch between languages, in both of them, and return what it says.

    Parameters
    ----------
    weights : bool
        Whether the sidebar holds the weights as well.
    """
    words = words_of(LANGUAGES[0])
    chosen: Language = st.segmented_control(
        words("app.language"), LANGUAGES, key="language", required=True, width="stretch",
        format_func=lambda one: words(f"app.{one}"), label_visibility="collapsed",
    ) or LANGUAGES[0]  # fmt: skip
    words = words_of(chosen)
    expand = words("filters.expand") if weights else words("filters.expand_pages")
    document.tell(chosen, expand, words)
    return chosen


def loaded_recipe() -> Recipe | None:
    """Return the recipe that was just chosen: a preset, a file, or an earlier one."""
    chosen: Recipe | None = st.session_state.pop("load", None)
    return chosen


def _weights(
    dataset: Dataset, presets: Mapping[str, Recipe], scheme: Plan | None, words: Words
) -> None:
    st.header(words("weights.heading"), help=words("weights.help"))
    st.caption(words("weights.meaning"))
    names = {key: words.of(recipe.name) for key, recipe in presets.items()}
    own = {_OWN: words("weights.own")} if st.session_state["preset"] == _OWN else {}
    st.selectbox(
        words("weights.preset"), list(own | names), key="preset", on_change=_take_preset,
        args=(dataset, presets), format_func=lambda one: (own | names)[one],
    )  # fmt: skip
    _steps(presets, words)
    if dataset.lenses:
        _lens(dataset, words)
    shares = _shares(scheme)
    for layer in dataset.catalogue.sublayers():
        if dataset.catalogue.below(layer.id):
            _layer(layer, dataset, shares, words)
        else:
            _empty_layer(layer, words)
    if _contested(dataset.catalogue):
        st.toggle(
            words("weights.uncontested"), key="uncontested", on_change=_switch_contested,
            args=(dataset.catalogue,), help=words("weights.uncontested_help"),
        )  # fmt: skip
    _recipe_file(dataset, words)


def _steps(presets: Mapping[str, Recipe], words: Words) -> None:
    """Back, forth, and to equal weights."""
    kept = history.trail()
    with st.container(horizontal=True, gap="small", key="steps"):
        st.button(
            words("weights.undo"), key="undo", icon=":material/undo:", type="tertiary",
            disabled=kept is None or not kept.can_undo, help=words("weights.undo_help"),
            on_click=_travel, args=(-1,),
        )  # fmt: skip
        st.button(
            words("weights.redo"), key="redo", icon=":material/redo:", type="tertiary",
            disabled=kept is None or not kept.can_redo, help=words("weights.redo_help"),
            on_click=_travel, args=(1,),
        )  # fmt: skip
        # Equal weights of the layers that are there.
        recipe: Recipe = st.session_state["last"].recipe
        usual = next(iter(presets.values())).model_copy(update={"lens": recipe.lens})
        st.button(
            words("weights.reset"), key="reset", icon=":material/balance:", type="tertiary",
            disabled=_weigh_as(recipe, usual), help=words("weights.reset_help"),
            on_click=take_weights, args=(usual,),
        )  # fmt: skip


def _recipe_file(dataset: Dataset, words: Words) -> None:
    """Save and load, side by side in one place."""
    recipe: Recipe = st.session_state["last"].recipe
    opened = st.popover(
        words("weights.files"), width="stretch", key="weights.files", on_change="rerun"
    )
    # As with the layers: drawn when somebody looks.
    if not opened.open:
        return
    with opened:
        name = st.text_input(
            words("weights.name"), key="recipe_name", max_chars=80,
            placeholder=words.of(recipe.name),
        )  # fmt: skip
        st.download_button(
            words("weights.save"), named(recipe, name).to_toml(), "potenzialatlas_rezept.toml",
            "application/toml", key="save.recipe", on_click="ignore", icon=":material/download:",
            width="stretch",
        )  # fmt: skip
        file_input(
            words("weights.load"), key="file", words=words,
            on_files=lambda given: _take_file(given[0], dataset, words),
        )  # fmt: skip
        if refused := st.session_state.pop(_REFUSED, ""):
            st.warning(refused)
        st.caption(words("weights.files_note"))


def named(recipe: Recipe, name: str) -> Recipe:
    """Return the recipe under a name of one's own; without one it keeps its own."""
    if not name.strip():
        return recipe
    return recipe.model_copy(update={"name": Text(de=name.strip(), en=name.strip())})


def _lens(dataset: Dataset, words: Words) -> None:
    """Draw the choice of a grouping, and say what it leaves out."""
    names = {"": words("lens.none")} | {
        key: words.of(lens.name) for key, lens in dataset.lenses.items()
    }
    st.selectbox(
        words("lens.label"), list(names), key="lens", help=words("lens.help"),
        on_change=_take_lens, args=(dataset,), format_func=lambda one: names[one],
    )  # fmt: skip
    if lens := dataset.lenses.get(dataset.lens):
        told = (words.of(lens.description), lens_words.left_out(dataset, words))
        more = (lens_words.names_left_out(dataset, words),
                words("lens.source", source=words.of(lens.source)))  # fmt: skip
        st.caption(" ".join(told).strip(), help="\n\n".join(filter(None, more)))


def _empty_layer(layer: Layer, words: Words) -> None:
    """Draw a group for which there are no data: it has a name and no slider."""
    with st.container(gap=None):
        opened = st.popover(words("lens.empty_label", name=words.of(layer.name)),
                            type="tertiary", key=f"in.{layer.id}", on_change="rerun")  # fmt: skip
        if opened.open:
            with opened:
                st.markdown(f"**{words.of(layer.name)}.** {words.of(layer.description)}")
                st.markdown(words("lens.empty"))
                for text in (layer.needs, layer.rationale):
                    st.caption(words.of(text))


def _layer(layer: Layer, dataset: Dataset, shares: dict[str, float], words: Words) -> None:
    name = words.of(layer.name)
    indicators = dataset.catalogue.below(layer.id)
    active = sum(bool(st.session_state[f"on.{one.id}"]) for one in indicators)
    part = f" ({active}/{len(indicators)})" if active < len(indicators) else ""
    with st.container(gap=None):
        opened = st.popover(name + part, type="tertiary", key=f"in.{layer.id}", on_change="rerun")
        # Drawn only when somebody looks: the widgets of all layers would slow every other change.
        if opened.open:
            with opened:
                _details(layer, indicators, dataset, words)
        weight_slider(layer.id, name, share=shares.get(layer.id, 0.0), words=words)


def _details(layer: Layer, indicators: Sequence[Indicator], dataset: Dataset, words: Words) -> None:
    st.markdown(f"**{words.of(layer.name)}.** {words.of(layer.description)}")
    st.caption(words.of(layer.rationale))
    if layer.contested:
        st.checkbox(words("weights.turn"), key=f"turn.{layer.id}")
    for one in indicators:
        _indicator(one, dataset, words)


def _indicator(one: Indicator, dataset: Dataset, words: Words) -> None:
    name, year = words.of(one.name), int(dataset.select().years[one.id])
    left, right = st.columns([3, 2], vertical_alignment="center", gap="small")
    mark = f" :small[({words('weights.contested')})]" if one.contested else ""
    left.checkbox(
        name + mark, key=f"on.{one.id}",
        help=words(
            "weights.indicator_help", name=name, unit=words.of(one.unit), year=year,
            definition=words.of(one.definition), rationale=words.of(one.rationale),
            source=words.of(dataset.source_of(one.id, year).title),
        ),
    )  # fmt: skip
    arrows = {"+": "↑ " + words("weights.more"), "-": "↓ " + words("weights.less")}
    right.selectbox(
        words("weights.direction_of", name=name), ["+", "-"], key=f"dir.{one.id}",
        format_func=lambda one: arrows[one],
        label_visibility="collapsed", disabled=not st.session_state[f"on.{one.id}"],
    )  # fmt: skip


def _filters(dataset: Dataset, words: Words) -> None:
    st.header(words("filters.heading"), help=words("filters.help"))
    for column in dataset.attributes:
        if column not in COLUMNS:
            _filter(column, dataset, words)
    if set(PARTS) <= set(dataset.attributes):
        _kinds_filter(dataset, words)
    st.radio(
        words("filters.scope"), ["all", "filtered"], key="scope",
        format_func=lambda one: words(f"filters.scope_{one}"),
    )  # fmt: skip


def _filter(column: str, dataset: Dataset, words: Words) -> None:
    attribute = dataset.attributes[column]
    labels = {code: words.of(text) for code, text in attribute.values.items()}
    st.multiselect(
        words.of(attribute.name), list(labels), key=f"f.{column}",
        format_func=lambda one: labels[one],
        placeholder=words("filters.all"), help=words.of(attribute.note) or None,
    )  # fmt: skip


def _kinds_filter(dataset: Dataset, words: Words) -> None:
    """Draw the filters by computed kind of place, folded away, with the way to their bounds."""
    chosen = sum(bool(st.session_state.get(f"f.{column}")) for column in PARTS)
    label = words("kinds.filters_active", count=chosen) if chosen else words("kinds.filters")
    opened = st.popover(label, key="in.kinds", on_change="rerun", width="stretch")
    if opened.open:
        with opened:
            st.caption(words("kinds.filters_note"))
            for column in PARTS:
                _filter(column, dataset, words)
            if page := st.session_state.get("pages", {}).get("kinds"):
                st.page_link(page, label=words("kinds.filters_page"))


def _method(words: Words) -> None:
    st.header(words("method.heading"))
    st.selectbox(
        words("method.spread"), list(SPREADS), key="spread",
        format_func=lambda one: words(f"method.spread_{one}"),
    )  # fmt: skip
    base: Recipe = st.session_state["base"]
    st.selectbox(
        words("method.treat"), _with(_TREATMENTS, base.treat.method), key="treat",
        format_func=lambda one: words(f"method.{one}"), help=words("method.treat_note"),
    )  # fmt: skip
    st.selectbox(
        words("method.normalise"), _with(_SCALES, base.normalise.method), key="normalise",
        format_func=lambda one: words(f"method.{one}"),
    )  # fmt: skip
    st.selectbox(
        words("method.aggregate"), _with(_MEANS, base.aggregate.method), key="mean",
        format_func=lambda one: words(f"method.{one}"), help=words("method.mean_note"),
    )  # fmt: skip


def _with(usual: tuple[str, ...], own: str) -> list[str]:
    """Choices on offer, and that of a loaded recipe if it is another."""
    return list(dict.fromkeys([*usual, own]))


def _recipe(dataset: Dataset, base: Recipe) -> Recipe:
    catalogue, values = dataset.catalogue, st.session_state
    weights, directions = dict(base.weights), dict(base.directions)
    for layer in catalogue.layers:
        _set(weights, f"layer:{layer.id}", values[f"w.{layer.id}"], layer.weight)
        turned = {"+": "-", "-": "+", "0": "+"}[layer.direction]
        sign = turned if values[f"turn.{layer.id}"] else layer.direction
        _set(directions, f"layer:{layer.id}", sign, layer.direction)
    for key, one in catalogue.indicator_by_id.items():
        _set_indicator(one, weights, directions, on=values[f"on.{key}"], sign=values[f"dir.{key}"])
    filters = {
        column: allowed
        for column, allowed in base.filter.items()
        if column not in dataset.attributes or not isinstance(allowed, list)
    }
    for column in dataset.attributes:
        if chosen := values[f"f.{column}"]:
            filters[column] = _typed(dataset, column, chosen)
    return base.model_copy(
        update={
            "filter": filters,
            "weights": weights,
            "directions": directions,
            "reference": Reference(set=values["scope"]),
            "treat": base.treat.model_copy(update={"method": values["treat"]}),
            "normalise": _normalise(base, values["normalise"], values["mean"]),
            "aggregate": base.aggregate.model_copy(update={"method": values["mean"]}),
        }
    )


def _normalise(base: Recipe, method: Any, mean: str) -> Normalise:
    """Scale that suits the mean: some need one that starts above 0."""
    changes: dict[str, Any] = {"method": method, "constant": "drop"}
    given = base.normalise.range
    if mean in _OF_POSITIVE and method != "rank" and (given is None or given[0] <= 0):
        changes["range"] = _ABOVE_ZERO
    elif mean not in _OF_POSITIVE and given == _ABOVE_ZERO:
        changes["range"] = None
    return base.normalise.model_copy(update=changes)


def _set(target: dict[str, Any], key: str, value: Any, usual: Any) -> None:
    """Keep a recipe short: what is as in the catalogue is not named."""
    if value == usual:
        target.pop(key, None)
    else:
        target[key] = value


def _set_indicator(
    one: Indicator, weights: dict[str, float], directions: dict[str, Any], *, on: bool,
    sign: Literal["+", "-"],
) -> None:  # fmt: skip
    key = f"indicator:{one.id}"
    if one.direction == "0":
        _set(directions, one.id, sign if on else "0", "0")
        return
    _set(directions, one.id, sign, one.direction)
    if not on:
        weights[key] = 0.0
    elif weights.get(key) == 0:
        _set(weights, key, one.weight, one.weight)


def _typed(dataset: Dataset, column: str, chosen: list[str]) -> list[Any]:
    """Codes as the regions table holds them: numbers or text."""
    if column in PARTS:
        # A kind that no region has under the present bounds is told, not dropped.
        return chosen
    as_text = dataset.regions[column].dropna().drop_duplicates()
    by_text = {str(value): getattr(value, "item", lambda v=value: v)() for value in as_text}
    return [by_text[code] for code in chosen if code in by_text]


def _preset_of(recipe: Recipe, presets: Mapping[str, Recipe]) -> str:
    """Preset that weighs the same; filter and method are no matter of a preset."""
    for key, preset in presets.items():
        if _weigh_as(recipe, preset):
            return key
    return _OWN


def _weigh_as(recipe: Recipe, other: Recipe) -> bool:
    return all(getattr(recipe, field) == getattr(other, field) for field in _WEIGHING)


def _take_preset(dataset: Dataset, presets: Mapping[str, Recipe]) -> None:
    chosen = st.session_state["preset"]
    # A slider let go before the last answer came brings along the preset that was in sight then.
    # The link that came along, too, tells it from one that was chosen.
    usual = next(iter(presets.values()))
    in_sight, _ = read(st.query_params.to_dict(), dataset, usual)
    if chosen in presets and chosen != _preset_of(in_sight.recipe, presets):
        take_weights(presets[chosen])


def take_weights(source: Recipe) -> None:
    """Take over weights and directions, with the grouping they are for; the rest stays."""
    last: PageState = st.session_state["last"]
    st.session_state["load"] = with_weights(last.recipe, source)


def with_weights(recipe: Recipe, source: Recipe) -> Recipe:
    """Return `recipe` with weights, directions and lens of `source`, and called as that."""
    taken = ("name", "description", *_WEIGHING, "members")
    return recipe.model_copy(update={field: getattr(source, field) for field in taken})


def _take_lens(dataset: Dataset) -> None:
    """Group the indicators otherwise; what is switched off or turned stays so."""
    last: PageState = st.session_state["last"]
    st.session_state["load"] = with_lens(last.recipe, dataset, st.session_state["lens"])


def _travel(by: int) -> None:
    """Take over an earlier or later recipe of this session."""
    recipe = history.move(by)
    if recipe is not None:
        st.session_state["load"] = recipe


def _switch_contested(catalogue: Catalogue) -> None:
    """Leave out all that is contested, or take back in what was in before."""
    session, keys = st.session_state, _contested(catalogue)
    if session["uncontested"]:
        session["contested_before"] = {key: session[key] for key in keys}
        session.update({key: 0.0 if key.startswith("w.") else False for key in keys})
        return
    before = session.get("contested_before", {})
    if not any(before.values()):
        before = _usual(catalogue)
    session.update({key: before[key] for key in keys})


def _usual(catalogue: Catalogue) -> dict[str, Any]:
    """Return what is in by the catalogue."""
    layers = {f"w.{one.id}": one.weight for one in catalogue.layers}
    return layers | {
        f"on.{key}": one.direction != "0" and one.weight > 0
        for key, one in catalogue.indicator_by_id.items()
    }


def _take_file(given: GivenFile, dataset: Dataset, words: Words) -> None:
    try:
        recipe = read_recipe(given)
        check(recipe, dataset)
        st.session_state["load"] = recipe
    except PotenzialatlasError as error:
        st.session_state[_REFUSED] = why_refused(given.name, error, words)


def _shares(scheme: Plan | None) -> dict[str, float]:
    """Shares of the layers directly below the index in percent, adding up to 100."""
    if scheme is None:
        return {}
    keys = [member.key for member in scheme.members[INDEX]]
    return dict(zip(keys, percentages(scheme.weights(INDEX), 1), strict=True))
