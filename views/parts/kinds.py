"""Parts of the page of kinds of place: the table of kinds, map, one region, list of a kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.classes import ramp
from layers.kinds import PARTS, SIZES, TRENDS, Series, counts, kinds, trends
from layers.kinds_doubt import sensitivity
from layers.table import names
from views import store
from views.frame import link_to
from views.map_component import (
    MISSING,
    OUTSIDE,
    TEXT_KEYS,
    MapPayload,
    choropleth,
    geometry_url,
)
from views.search import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.kinds import Trend
    from layers.kinds_doubt import Sensitivity
    from layers.recipe import Kinds
    from views.frame import Scene
    from views.i18n import Words
    from views.map_component import MapClass

__all__ = [
    "BOTH", "Found", "found", "link", "map_and_one", "per_year", "regions_of_a_kind", "restore",
    "short", "table",
]  # fmt: skip

_HEIGHT = 560
VIEWS = ("both", "kind_economy", "kind_population", "kind_size", "sure")
_VIEW, BY, _TYPE, _SIZE = "kinds.view", "kinds.by", "kinds.type", "kinds.of_size"
_UNKNOWN, _ALL = "unknown", "all"
#: Economy from weak to strong, in each the population from shrinking to growing: two scales (after
#: J. Stevens, Bivariate Choropleth Maps, 2015) whose lightness falls along both, so that all nine
#: stay apart for colour-blind readers and in shades of grey.
BOTH = (
    "#e8e8e8", "#83e0f2", "#1faaa1",
    "#e3b0c3", "#b2a1d8", "#6188b5",
    "#bd5384", "#8f3c8a", "#34276a",
)  # fmt: skip
_SURE = ("sure_no", "sure_but_series", "sure_all")
_LISTED = 8


@dataclass(frozen=True)
class Found:
    """What the page tells.

    Attributes
    ----------
    table : DataFrame
        Of `layers.kinds.kinds`.
    economy, people : Trend
    turned : bool
        Whether a falling series counts as growing.
    years : tuple of int
        Years in which the population is known.
    """

    table: pd.DataFrame
    economy: Trend
    people: Trend
    turned: bool
    years: tuple[int, ...]
    doubt: Sensitivity

    @property
    def whole_economy(self) -> float:
        """Change of all regions together, as the series itself goes."""
        return -self.economy.whole if self.turned else self.economy.whole


def found(scene: Scene) -> Found:
    """Return what the recipe's choices come to; recent ones are kept."""
    return _found(scene.state.recipe.kinds)


@store.kept(most=8)
def _found(choices: Kinds) -> Found:
    dataset = store.dataset()
    read = Series(dataset)
    economy, people = trends(dataset, choices, read=read)
    one = dataset.catalogue.indicator_by_id.get(choices.economy)
    return Found(
        table=kinds(dataset, choices, read=read), economy=economy, people=people,
        turned=one is not None and one.direction == "-",
        years=tuple(int(str(year)) for year in read.people.columns),
        doubt=sensitivity(dataset, choices),
    )  # fmt: skip


def restore(scene: Scene) -> None:
    """Take what the link says of the page where it makes sense, else what is usual."""
    session, own = st.session_state, scene.own
    asked = {
        _VIEW: own.get("map") if own.get("map") in VIEWS else VIEWS[0],
        BY: own.get("by") if own.get("by") in PARTS else PARTS[1],
        _TYPE: own.get("type") if own.get("type") in _types() else _types()[0],
        _SIZE: _ALL,
    }
    for key, value in asked.items():
        if scene.arrived or key not in session:
            session[key] = value


def link() -> dict[str, str]:
    """Return what a link has to remember of the page."""
    session = st.session_state
    usual = {"map": (_VIEW, VIEWS[0]), "by": (BY, PARTS[1]), "type": (_TYPE, _types()[0])}
    return {
        name: "" if session.get(key) in (None, value) else str(session[key])
        for name, (key, value) in usual.items()
    }


def short(part: str, kind: str, choices: Kinds, words: Words) -> str:
    """Write one word of a kind; "" is missing."""
    if not kind:
        return words("kinds.list_unknown")
    held = f"_{choices.yardstick}" if part == "kind_economy" else ""
    return words(f"kinds_words.{part}{held}_{kind}")


def per_year(value: float, trend: Trend, words: Words) -> str:
    """Write a change per year in the unit of its series."""
    if not trend.points:
        return words.signed_percent(value / 100, 2)
    return f"{words.signed(value, 2)} {words('kinds.unit_points')}"


def table(found: Found, scene: Scene) -> None:
    """Draw the table of economy by population, with the sizes in each cell."""
    words, choices = scene.words, scene.state.recipe.kinds
    st.header(words("kinds.table"), anchor=False)
    number = counts(found.table).set_index(["kind_economy", "kind_population", "kind_size"])
    sizes = number["regions"].to_dict()
    said = {
        part: [
            escape(words(f"kinds.{part}_is", word=short(f"kind_{part}", one, choices, words)))
            for one in TRENDS
        ]
        for part in ("economy", "population")
    }
    heads = "".join(f"<th scope='col'>{one}</th>" for one in said["population"])
    rows = []
    for place, economy in enumerate(TRENDS):
        cells = []
        for column, people in enumerate(TRENDS):
            inside = {size: sizes.get((economy, people, size), 0) for size in SIZES}
            colour = BOTH[place * len(TRENDS) + column]
            cells.append(
                f"<td><i style='background:{colour}'></i><b>{sum(inside.values())}</b> "
                f"<small>{escape(words('kinds.of_size', **inside))}</small></td>"
            )
        head = f"<th scope='row'>{said['economy'][place]}</th>"
        rows.append(f"<tr>{head}{''.join(cells)}</tr>")
    # From strong above to weak below, as on the axis of a chart.
    body = "".join(reversed(rows))
    st.html(
        f"<div class='atlas-scroll' tabindex='0' role='group' "
        f"aria-label='{escape(words('kinds.table_label'))}'><table class='atlas-kinds'>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    unknown = found.table.index[found.table["kind_of_place"].isna()]
    if len(unknown):
        told = names(scene.scores)[unknown]
        st.caption(words("kinds.unknown", count=len(unknown), names=_few(told.tolist())))


def map_and_one(found: Found, scene: Scene) -> None:
    """Draw the map, and beside it the region that was chosen."""
    words = scene.words
    st.segmented_control(
        words("kinds.map_shows"), VIEWS, key=_VIEW, required=True,
        format_func=lambda one: words(f"kinds.view_{one}"),
    )  # fmt: skip
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _map(str(st.session_state[_VIEW] or VIEWS[0]), found, scene)
        scope = "" if scene.scores.selected.all() else words("kinds.inside")
        st.caption(words(
            "kinds.map_caption", scope=scope,
            economy_first=found.economy.years[0], economy_last=found.economy.years[-1],
            population_first=found.people.years[0], population_last=found.people.years[-1],
        ))  # fmt: skip
    with right:
        _one(found, scene)


def regions_of_a_kind(found: Found, scene: Scene) -> None:
    """List the regions of one cell of the table."""
    words, choices = scene.words, scene.state.recipe.kinds
    st.header(words("kinds.list"), anchor=False)
    of_type = {key: _is_of_type(found.table, key) for key in _types()}
    of_size = {_ALL: found.table["kind_size"].notna() | True} | {
        size: found.table["kind_size"] == size for size in SIZES
    }
    kind, size, button = st.columns([3, 1.4, 1.6], vertical_alignment="bottom")
    chosen = kind.selectbox(
        words("kinds.list_type"), list(of_type), key=_TYPE,
        format_func=lambda one: words(
            "kinds.list_option", label=_type_label(one, choices, words),
            count=int(of_type[one].sum())),
    )  # fmt: skip
    wanted = size.selectbox(
        words("kinds.list_size"),
        list(of_size),
        key=_SIZE,
        format_func=lambda one: (
            words("kinds.list_all") if one == _ALL else short("kind_size", one, choices, words)
        ),
    )
    rows = found.table[of_type[chosen] & of_size[wanted]]
    if chosen != _UNKNOWN:
        button.button(
            words("kinds.use"), key="kinds.use", help=words("kinds.use_help"),
            on_click=_select_kind, args=(chosen, wanted), disabled=rows.empty, width="stretch",
        )  # fmt: skip
    if rows.empty:
        st.info(words("kinds.list_empty"))
        return
    _list(rows, found, scene)


def _list(rows: pd.DataFrame, found: Found, scene: Scene) -> None:
    words, choices = scene.words, scene.state.recipe.kinds
    kept = found.doubt.regions["kept"]
    shown = pd.DataFrame(
        {
            words("table.name"): names(scene.scores)[rows.index],
            words("kinds.column_people"): rows["population"],
            words("kinds.column_size"): [
                short("kind_size", one, choices, words) for one in rows["kind_size"].fillna("")
            ],
            words("kinds.column_economy"): rows["economy_change"],
            words("kinds.column_population"): rows["population_change"],
            words("kinds.column_kept"): (100 * kept[rows.index]).round(),
            words("kinds.column_rank"): scene.scores.ranks[rows.index],
        }
    ).sort_values(words("table.name"))
    change = st.column_config.NumberColumn(format="%+.2f")
    st.dataframe(
        shown, hide_index=True, alt=words("kinds.list_alt"),
        column_config={
            words("kinds.column_people"): st.column_config.NumberColumn(format="localized"),
            words("kinds.column_economy"): change, words("kinds.column_population"): change,
            words("kinds.column_kept"): st.column_config.NumberColumn(
                format="%d %%", help=words("kinds.column_kept_help")
            ),
        },
    )  # fmt: skip


def _map(view: str, found: Found, scene: Scene) -> None:
    words, scores = scene.words, scene.scores
    keys, colours = _classes(view)
    of_region = _words_of(view, found).reindex(scores.index.index)
    codes = [keys.index(one) if one in keys else MISSING for one in of_region]
    inside = (scores.reason != "outside").tolist()
    cls = [code if kept else OUTSIDE for code, kept in zip(codes, inside, strict=True)]
    labels = [_label(view, key, scene) for key in keys]
    classes: list[MapClass] = [
        {"colour": colour, "label": label, "count": cls.count(place)}
        for place, (colour, label) in enumerate(zip(colours, labels, strict=True))
    ]
    what = words(f"kinds.legend_{view}")
    most = max(classes, key=lambda one: one["count"])
    choropleth(
        MapPayload(
            geometry_url=geometry_url(store.drawing()), ids=list(scores.index.index),
            classes=classes, cls=cls, doubt=None, dim=[not kept for kept in scores.selected],
            tips=_tips(found, scene), selected=scene.state.selected or None,
            title=words("kinds.map_title", what=what),
            description=words("kinds.map_description", what=what,
                              most=f"{most['label']} ({most['count']})"),
            legend_title=what, missing_label=words("map.missing"),
            missing_count=cls.count(MISSING), doubt_label="",
            texts={one: words(f"map.{one}") for one in (*TEXT_KEYS, "outside", "hint")},
            height=_HEIGHT,
        ),
        key="kinds.map", on_select=_select,
    )  # fmt: skip


def _classes(view: str) -> tuple[list[str], Sequence[str]]:
    """Return the classes of a view, lowest first (a legend turns them round), and colours."""
    if view == "both":
        return [f"{economy}_{people}" for economy in TRENDS for people in TRENDS], BOTH
    if view == "sure":
        return list(_SURE), ramp("certainty", 3)
    if view == "kind_size":
        return list(SIZES), ramp("potential", 3)
    return list(TRENDS), ramp("difference", 3)


def _words_of(view: str, found: Found) -> pd.Series:
    """Class of every region; missing where it has none."""
    table = found.table
    if view == "both":
        return table["kind_economy"] + "_" + table["kind_population"]
    if view != "sure":
        return table[view]
    doubt = found.doubt.regions
    classes = pd.Series(_SURE[0], index=doubt.index)
    classes = classes.mask(doubt["sure_but_series"].fillna(value=False).astype(bool), _SURE[1])
    classes = classes.mask(doubt["sure"].fillna(value=False).astype(bool), _SURE[2])
    return classes.where(doubt["kind_of_place"].notna())


def _label(view: str, key: str, scene: Scene) -> str:
    words, choices = scene.words, scene.state.recipe.kinds
    if view == "both":
        return _type_label(key, choices, words)
    if view == "sure":
        return words(f"kinds.{key}")
    return words.of(scene.dataset.attributes[view].values[key])


def _tips(found: Found, scene: Scene) -> list[list[str]]:
    words, choices, called = scene.words, scene.state.recipe.kinds, names(scene.scores)
    lines = []
    for name, *row in zip(called, *(found.table[part].fillna("") for part in PARTS), strict=True):
        if not all(row):
            lines.append([name, words("kinds.tip_missing")])
            continue
        size, economy, people = (
            short(part, one, choices, words) for part, one in zip(PARTS, row, strict=True)
        )
        told = words("kinds.tip", economy=economy, population=people, size=size)
        lines.append([name, told])
    return lines


def _one(found: Found, scene: Scene) -> None:
    """Say what the chosen region is, how near to the bounds, and what would change it."""
    words, called = scene.words, store.labels()
    region: Any = search(words)
    if not region:
        st.caption(words("kinds.one_none"))
        return
    row, doubt = found.table.loc[region], found.doubt.regions.loc[region]
    if not isinstance(row["kind_of_place"], str):
        st.markdown(words("kinds.one_missing", name=called[region]))
        return
    choices = scene.state.recipe.kinds
    said = {
        part.removeprefix("kind_"): short(part, str(row[part]), choices, words) for part in PARTS
    }
    st.markdown(words("kinds.one_kind", name=called[region], **said))
    own = -row["economy_own"] if found.turned else row["economy_own"]
    held = ""
    if choices.yardstick == "national":
        held = words("kinds.one_held", difference=words.signed(row["economy_change"], 2))
    st.markdown(words(
        "kinds.one_values", economy=per_year(own, found.economy, words), held=held,
        economy_margin=words.number(doubt["economy_margin"], 2),
        population=per_year(row["population_change"], found.people, words),
        population_margin=words.number(doubt["population_margin"], 2),
        people=words.number(row["population"]),
    ))  # fmt: skip
    st.markdown(_kept(doubt, len(found.doubt.variants), words))
    with st.container(key="links_kinds"):
        link_to("profile", words("profile.open"), replace(scene.state, own={}, selected=region))


def _kept(doubt: pd.Series, variants: int, words: Words) -> str:
    """Say in how many variants a region keeps its kind, and what else would change it."""
    if doubt["sure"]:
        return words("kinds.one_sure", variants=variants)
    shaken = [words(f"kinds.shaken_{group}") for group in str(doubt["shaken"]).split()]
    return words(
        "kinds.one_kept", kept=round(float(doubt["kept"]) * variants), variants=variants,
        shaken=", ".join(shaken),
    )  # fmt: skip


def _types() -> list[str]:
    """Keys of the cells, strong and growing first, and of the regions without a kind."""
    return [*_classes("both")[0][::-1], _UNKNOWN]


def _is_of_type(table: pd.DataFrame, key: str) -> pd.Series:
    both = table["kind_economy"] + "_" + table["kind_population"]
    return both.isna() if key == _UNKNOWN else (both == key).fillna(value=False)


def _type_label(key: str, choices: Kinds, words: Words) -> str:
    if key == _UNKNOWN:
        return words("kinds.list_unknown")
    economy, people = key.split("_")
    return words(
        "kinds.both", economy=short("kind_economy", economy, choices, words),
        population=short("kind_population", people, choices, words),
    )  # fmt: skip


def _select_kind(key: str, size: str) -> None:
    """Let the recipe's filter keep the regions of one kind."""
    economy, people = key.split("_")
    recipe = st.session_state["last"].recipe
    given = {"kind_economy": [economy], "kind_population": [people]}
    given |= {} if size == _ALL else {"kind_size": [size]}
    others = {column: one for column, one in recipe.filter.items() if column not in PARTS}
    st.session_state["load"] = recipe.model_copy(update={"filter": others | given})


def _few(told: list[str]) -> str:
    return ", ".join([*told[:_LISTED], "…"] if len(told) > _LISTED else told)


def _select(region: str | None) -> None:
    st.session_state["selected"] = region
