"""What people must have seen: the same weights, scored beside the app with the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers import robust, score
from layers.paths import default_recipe
from layers.table import ranking_table
from views.i18n import words as words_of
from views.parts.profile_words import rank_words
from views.state import OWN_NAME
from views.store import DRAWS, SEED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers import Dataset, Recipe
    from tests.load.person import Seen, Wish


def wrong(seen: Iterable[Seen], dataset: Dataset) -> list[str]:
    """Return what was not as the library computes it, in words."""
    checked = ((one, _difference(one, dataset)) for one in seen)
    return [f"{one.wish}: {said}" for one, said in checked if said]


def recipe_of(wish: Wish, dataset: Dataset) -> Recipe:
    """Recipe that the app must have scored."""
    usual = default_recipe(dataset)
    changes = {
        "weights": {f"layer:{layer}": weight for layer, weight in wish.weights},
        "filter": {"land": list(wish.lands)} if wish.lands else {},
    }
    if wish.weights:
        changes["name"] = OWN_NAME
    return usual.model_copy(update=changes)


def table_of(wish: Wish, dataset: Dataset) -> pd.DataFrame:
    """Table that the app must have shown."""
    return ranking_table(score(dataset, recipe_of(wish, dataset)))


def _difference(one: Seen, dataset: Dataset) -> str:
    recipe = recipe_of(one.wish, dataset)
    if one.text:
        region, words = one.wish.selected, words_of(one.wish.language)
        bands = robust(dataset, recipe, draws=DRAWS, seed=SEED)
        sentence, _ = rank_words(region, score(dataset, recipe), bands, words)
        return "" if sentence in one.text else f"the profile does not say: {sentence}"
    table = table_of(one.wish, dataset)
    if list(one.ids) != table["region"].tolist():
        return "other regions, or in another order"
    for told, column in ((one.ranks, "rank"), (one.scores, "score")):
        shown = pd.Series(told, dtype="float64")
        if not shown.equals(table[column].astype("float64")):
            return f"other values of {column}"
    return ""
