"""State of a page and its permalink: the recipe plus how the page shows it.

The query of the address bar is the only memory that leaves the session: what it says can be
restored anywhere, and every change is written back to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from geo.classes import COUNTS, SCHEMES, Scheme
from layers.catalogue import Text
from layers.errors import RecipeError
from layers.extend import is_extended
from layers.kinds import missing
from layers.query import from_query, is_recipe_key, to_query
from layers.recipe import Kinds, Recipe
from layers.regions import choose
from layers.seen import seen
from views.i18n import LANGUAGES, Language, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.dataset import Dataset

__all__ = ["OWN_NAME", "SPREADS", "PageState", "check", "fitting", "read", "write"]

#: Name of a recipe that was set with the widgets; a link leaves it out.
OWN_NAME = Text(de=words("de")("weights.own"), en=words("en")("weights.own"))

#: How the keys of a link begin that belong to one page.
_OWN = "p."
#: Key of a link that names dataset and version.
_DATASET = "d"
#: Weightings that bands look at: all of them, or those within so much of the chosen weights.
SPREADS: dict[str, float | None] = {"all": None, "50": 0.5, "25": 0.25}


@dataclass(frozen=True)
class PageState:
    """Everything that a permalink restores.

    Attributes
    ----------
    show : str
        What the map colours: "score", "top_quarter", "width", "layer:ID" or "indicator:ID".
    selected : str
        Region whose panel is open; empty for none.
    spread : str
        Key of `SPREADS`.
    doubt : bool
        Whether regions whose class is unsure are hatched.
    own : mapping
        What only the present page knows, by its own keys; text that the page itself checks.
    """

    recipe: Recipe = field(default_factory=Recipe)
    language: Language = "de"
    show: str = "score"
    selected: str = ""
    scheme: Scheme = "quantiles"
    classes: int = 5
    spread: str = "all"
    doubt: bool = True
    own: Mapping[str, str] = field(default_factory=dict)

    def with_recipe(self, recipe: Recipe) -> PageState:
        """Return the same view of another recipe."""
        return replace(self, recipe=recipe)

    def shown(self, dataset: Dataset) -> PageState:
        """Return the same view, of the score if what it shows is not there under its recipe."""
        return self if self.show in _shows(seen(dataset, self.recipe)) else self.with_show("score")

    def with_show(self, show: str) -> PageState:
        """Return the same view with something else on the map."""
        return replace(self, show=show)

    def with_language(self, language: Language) -> PageState:
        """Return the same view in another language."""
        return replace(self, language=language)


def read(query: Mapping[str, str], dataset: Dataset, default: Recipe) -> tuple[PageState, str]:
    """Restore a page from a query.

    Returns
    -------
    (PageState, str)
        The state, and a message about the part that was damaged; that part takes its default.
    """
    recipe, refused = _read_recipe(query, dataset, default)
    page, damaged = _read_page(query, seen(dataset, recipe))
    return replace(page, recipe=recipe), refused or damaged


def _read_recipe(query: Mapping[str, str], dataset: Dataset, default: Recipe) -> tuple[Recipe, str]:
    """Return the recipe of a query, or the default and what is wrong with it."""
    named = [key for key in query if is_recipe_key(key)]
    with_own = is_extended(query.get(_DATASET, ""))
    if not named or (named == [_DATASET] and with_own):
        # A view of one's own data with the usual weights names these data and nothing else.
        kept = {"dataset": query[_DATASET]} if named else {}
        return default.model_copy(update=kept), ""
    try:
        recipe = from_query(query, columns=dataset.regions)
        if with_own and query[_DATASET] != dataset.reference:
            recipe = fitting(recipe, dataset)
        check(recipe, dataset)
    except RecipeError as error:
        return default, str(error)
    return recipe, ""


def check(recipe: Recipe, dataset: Dataset) -> None:
    """Raise RecipeError if a recipe names what the dataset, as it sees it, does not hold."""
    looked = seen(dataset, recipe)
    recipe.check(looked.catalogue)
    _check_filter(recipe, looked)


def write(state: PageState, default: Recipe) -> dict[str, str]:
    """Return the query that `read` restores; what is as usual is left out."""
    usual = PageState()
    page = {
        "lang": (state.language, usual.language),
        "show": (state.show, usual.show),
        "sel": (state.selected, usual.selected),
        "cls": (state.scheme, usual.scheme),
        "k": (str(state.classes), str(usual.classes)),
        "sp": (state.spread, usual.spread),
        "hatch": (_switch(on=state.doubt), _switch(on=usual.doubt)),
    }
    query = {key: value for key, (value, default_) in page.items() if value != default_}
    query |= {f"{_OWN}{key}": value for key, value in state.own.items()}
    if state.recipe == default:
        return query | _own_dataset(default)
    recipe = state.recipe
    if recipe.name == OWN_NAME:
        recipe = recipe.model_copy(update={"name": Recipe().name})
    return query | to_query(recipe)


def fitting(recipe: Recipe, dataset: Dataset) -> Recipe:
    """Return the recipe without weights, directions, lens and kinds that the dataset lacks."""
    if recipe.lens not in ("", *dataset.lenses):
        recipe = recipe.model_copy(update={"lens": ""})
    if missing(dataset, recipe.kinds):
        recipe = recipe.model_copy(update={"kinds": Kinds()})
    catalogue = seen(dataset, recipe).catalogue
    layers, indicators = catalogue.layer_by_id, catalogue.indicator_by_id
    keys = {f"layer:{key}" for key in layers} | {f"indicator:{key}" for key in indicators}
    known = {
        "weights": {key: one for key, one in recipe.weights.items() if key in keys},
        "directions": {
            key: one for key, one in recipe.directions.items() if key in keys or key in indicators
        },
    }
    return recipe.model_copy(update=known)


def _own_dataset(default: Recipe) -> dict[str, str]:
    """Name the dataset if it holds somebody's own data, which no link brings along."""
    return {_DATASET: default.dataset} if is_extended(default.dataset) else {}


def _read_page(query: Mapping[str, str], dataset: Dataset) -> tuple[PageState, str]:
    own = {key.removeprefix(_OWN): text for key, text in query.items() if key.startswith(_OWN)}
    state, damaged = PageState(own=own), ""
    checks: dict[str, tuple[str, Any, Any]] = {
        "lang": ("language", LANGUAGES, str),
        "show": ("show", _shows(dataset), str),
        "sel": ("selected", dataset.regions.index, str),
        "cls": ("scheme", SCHEMES, str),
        "k": ("classes", [str(count) for count in COUNTS], int),
        "sp": ("spread", list(SPREADS), str),
        "hatch": ("doubt", ["on", "off"], lambda text: text == "on"),
    }
    for key, (name, allowed, convert) in checks.items():
        if key in query and query[key] in allowed:
            state = replace(state, **{name: convert(query[key])})
        elif key == "show" and is_extended(query.get(_DATASET, "")):
            # Own data that this link was made with and does not hold; the page says so.
            continue
        elif query.get(key):
            damaged = f"link: '{key}={query[key]:.60}' is not known here."
    return state, damaged


def _check_filter(recipe: Recipe, dataset: Dataset) -> None:
    """Refuse unknown columns and values; a selection that is only empty is the page's to tell."""
    try:
        choose(dataset.regions, recipe.filter)
    except RecipeError as error:
        if error.code != "no_region":
            raise


def _shows(dataset: Dataset) -> list[str]:
    catalogue = dataset.catalogue
    layers = [f"layer:{key}" for key in catalogue.layer_by_id if catalogue.below(key)]
    indicators = [f"indicator:{key}" for key in catalogue.indicator_by_id]
    return ["score", "top_quarter", "width", *layers, *indicators]


def _switch(*, on: bool) -> str:
    return "on" if on else "off"
