"""Where the embedded data are: in a checkout, in an installed copy, or where the user says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import DatasetError
from layers.recipe import Recipe

if TYPE_CHECKING:
    from layers.dataset import Dataset

__all__ = ["VARIABLE", "data_folder", "default_recipe", "preset", "project_root"]

#: Environment variable that names another data folder.
VARIABLE = "POTENZIALATLAS_DATA"


def project_root() -> Path:
    """Folder that holds the packages: a checkout, or site-packages of an installed copy."""
    return Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Folder with ``kreise/`` and ``recipes/``.

    The environment variable `VARIABLE` comes first, then ``data`` in a checkout, then the copy
    inside an installed package.

    Raises
    ------
    DatasetError
        If the variable names no folder, or there is no data folder at all.
    """
    if named := os.environ.get(VARIABLE):
        if not Path(named).is_dir():
            msg = f"{VARIABLE}={named}: there is no such folder; name one that holds kreise/."
            raise DatasetError(msg)
        return Path(named)
    root = project_root()
    # Beside an installed copy a folder "data" may belong to anybody; a checkout has both.
    if (root / "pyproject.toml").is_file() and (root / "data").is_dir():
        return root / "data"
    embedded = Path(__file__).resolve().parent / "embedded"
    if not embedded.is_dir():
        msg = f"{embedded}: the embedded data are missing; name a data folder in {VARIABLE}."
        raise DatasetError(msg)
    return embedded


def default_recipe(dataset: Dataset) -> Recipe:
    """Return the preset ``equal`` if it was made for `dataset`, else its like for any dataset.

    Either way all catalogue weights hold, and an indicator without spread is left out with a
    warning.
    """
    path = data_folder() / "recipes" / "equal.toml"
    if path.is_file() and (recipe := preset(path, dataset)):
        return recipe
    content = {"dataset": dataset.reference, "normalise": {"constant": "drop"}}
    return Recipe.parse(content, where="default recipe")


def preset(path: Path, dataset: Dataset) -> Recipe | None:
    """Read a preset, if it was made for `dataset` or for the version that it is an update of.

    An update keeps indicators and weights, and names itself by the version that it began with, a
    plus sign and a hash (``2026.1+0c9a41d2``).
    """
    recipe = Recipe.load(path)
    if recipe.dataset not in (dataset.reference, dataset.reference.partition("+")[0]):
        return None
    return recipe.model_copy(update={"dataset": dataset.reference})
