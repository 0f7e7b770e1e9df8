"""What all sessions of one server share, read-only: dataset, drawing, presets, recent results."""

from __future__ import annotations

import inspect
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import boundaries, encode
from layers import Bands, Dataset, Recipe, Scores, paths, score
from layers.errors import DatasetError, PotenzialatlasError
from layers.paths import data_folder
from layers.robust import robust_scores
from views.state import SPREADS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DRAWS", "SEED", "bands", "dataset", "default_recipe", "drawing", "presets", "scores",
    "warm_up",
]  # fmt: skip

#: Weightings behind every rank band on the page: as many as the command line draws.
DRAWS = 1_000
SEED = 1
_DEFAULT_PRESET = "equal"


def dataset_folder() -> Path:
    """Folder of the dataset that the app shows."""
    return Path(os.environ.get("POTENZIALATLAS_DATASET") or data_folder() / "kreise")


@cache
def dataset() -> Dataset:
    """Open the dataset once per server; do not change its frames."""
    return Dataset.open(dataset_folder())


@cache
def drawing() -> Mapping[str, Any]:
    """Geometry for the browser, with the outlines of the Länder where regions have one."""
    shapes = boundaries.load(dataset().path)
    if shapes is None:
        msg = f"{dataset().path}: there are no boundaries, so no map can be drawn."
        raise DatasetError(msg)
    regions = dataset().regions
    outlines = regions["land"].reindex(shapes.index) if "land" in regions else None
    return encode.encode(shapes, outlines_by=outlines)


def warm_up() -> None:
    """Do before the first visit what it would have to wait for."""
    # Streamlit asks for the stack at the first element of all; Python then looks through all its
    # modules for a quarter of a second, once.
    inspect.stack()
    try:
        drawing()
        bands(default_recipe(), next(iter(SPREADS)))
    except PotenzialatlasError:
        # Said on the page, where somebody reads it.
        return


@cache
def presets() -> dict[str, Recipe]:
    """Preset recipes by file name, the default first."""
    files = sorted((data_folder() / "recipes").glob("*.toml"))
    loaded = {path.stem: Recipe.load(path) for path in files}
    fitting = {key: one for key, one in loaded.items() if one.dataset == dataset().reference}
    return {_DEFAULT_PRESET: default_recipe()} | fitting


@cache
def default_recipe() -> Recipe:
    """Recipe that a first visit sees."""
    return paths.default_recipe(dataset())


def scores(recipe: Recipe) -> Scores:
    """Score the dataset; recent recipes are kept for all sessions."""
    return _scores(recipe.to_toml(), recipe)


def bands(recipe: Recipe, spread: str) -> Bands:
    """Rank bands around a recipe; recent ones are kept for all sessions."""
    return _bands(recipe.to_toml(), spread, recipe)


@st.cache_resource(max_entries=64, show_spinner=False)
def _scores(key: str, _recipe: Recipe) -> Scores:  # noqa: ARG001 -- the key of the cache
    return score(dataset(), _recipe)


@st.cache_resource(max_entries=64, show_spinner=False)
def _bands(key: str, spread: str, _recipe: Recipe) -> Bands:  # noqa: ARG001 -- as above
    return robust_scores(scores(_recipe), draws=DRAWS, seed=SEED, spread=SPREADS[spread])
