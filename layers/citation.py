"""Citing a run: a short hash that stands for the recipe on its data, and a sentence to quote.

Equal hashes stand for equal numbers, to the last digit. The other way round is not promised: two
recipes that happen to give the same numbers, such as all weights 1 and all weights 2, have two
hashes, since only arithmetic would show that they agree.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.catalogue import Text
from layers.lenses import through
from layers.methods.frozen import to_dict
from layers.paths import project_root
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.catalogue import Catalogue, Direction
    from layers.dataset import Dataset
    from layers.normalise import Fitted
    from layers.recipe import Recipe

__all__ = ["called", "citation", "recipe_hash", "tool_version"]

_NAME = "potenzialatlas"
#: Digits of the hash: 48 bits, so that a million recipes share none but once in 500 cases.
_DIGITS = 12
#: Fields of a recipe that change no number.
_SILENT = ("name", "description", "dataset", "members")
_TEXTS = Path(__file__).with_suffix(".toml")


def recipe_hash(
    recipe: Recipe, dataset: Dataset, yardsticks: Mapping[str, Fitted] | None = None
) -> str:
    """Return the hash of a recipe on a version of a dataset.

    It is the beginning of the SHA-256 of ``id@version`` and the recipe's choices as JSON with
    sorted keys. Name and description are left out, and so is what says only what holds anyway:
    defaults of the recipe, weights and directions of the catalogue. Lists that name regions or
    their attributes are sets: their order does not count. Weights enter as they are written, not
    as shares. For another version of the dataset than `Recipe.dataset` names, the hash is that of
    the version that was used.

    Parameters
    ----------
    yardsticks : mapping, optional
        What `layers.score.score` was given besides the recipe; it belongs to the choices.

    Returns
    -------
    str
        12 hexadecimal digits.
    """
    catalogue = through(dataset, recipe.lens).catalogue
    choices = json.dumps(
        [dataset.reference, _choices(recipe, catalogue) | _given(yardsticks or {})],
        sort_keys=True, allow_nan=False, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(choices.encode()).hexdigest()[:_DIGITS]


def citation(
    recipe: Recipe, dataset: Dataset, yardsticks: Mapping[str, Fitted] | None = None
) -> Text:
    """Return one sentence to cite scores by: tool, recipe, dataset and the sources' licences."""
    digits = recipe_hash(recipe, dataset, yardsticks)

    def said(language: str) -> str:
        sentence = texts(_TEXTS)["citation"][language].format(
            tool=tool_version(), name=called(recipe, dataset)[language], hash=digits,
            title=dataset.title[language], reference=dataset.reference,
        )  # fmt: skip
        return " ".join(sentence.split())

    return Text(de=said("de"), en=said("en"))


def called(recipe: Recipe, dataset: Dataset) -> Text:
    """Return the name of a recipe, with the lens by which it groups the indicators."""
    lens = dataset.lenses.get(recipe.lens)
    if lens is None:
        return recipe.name
    told = texts(_TEXTS)["grouped"]
    return Text(
        de=told.de.format(name=recipe.name.de, lens=lens.name.de),
        en=told.en.format(name=recipe.name.en, lens=lens.name.en),
    )


@cache
def tool_version() -> str:
    """Version of this program: of the installed package, else of the checkout."""
    try:
        return metadata.version(_NAME)
    except metadata.PackageNotFoundError:
        project = project_root() / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def _choices(recipe: Recipe, catalogue: Catalogue) -> dict[str, Any]:
    """Everything in a recipe that may change a number, written in one way only."""
    usual = recipe.normalise.model_copy(update={"range": None})
    if usual.ends == recipe.normalise.ends:
        recipe = recipe.model_copy(update={"normalise": usual})
    content = recipe.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    content = {key: one for key, one in content.items() if key not in _SILENT}
    content["weights"] = _unusual(content.get("weights", {}), _weights(catalogue))
    content["directions"] = _unusual(content.get("directions", {}), _directions(catalogue))
    content["filter"] = {
        column: one if isinstance(one, dict) else _as_set(one)
        for column, one in content.get("filter", {}).items()
    }
    screen = content.get("screen", {})
    screen |= {key: _as_set(screen[key]) for key in ("always", "never") if key in screen}
    plain: dict[str, Any] = _plain(content)
    return {key: one for key, one in plain.items() if one != {}}


def _given(yardsticks: Mapping[str, Fitted]) -> dict[str, Any]:
    if not yardsticks:
        return {}
    return {"yardsticks": {key: _plain(to_dict(one)) for key, one in yardsticks.items()}}


def _unusual(given: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in given.items() if usual.get(key) != one}


def _weights(catalogue: Catalogue) -> dict[str, float]:
    layers = {f"layer:{key}": one.weight for key, one in catalogue.layer_by_id.items()}
    indicators = catalogue.indicator_by_id.items()
    return layers | {f"indicator:{key}": one.weight for key, one in indicators}


def _directions(catalogue: Catalogue) -> dict[str, Direction]:
    layers = {f"layer:{key}": one.direction for key, one in catalogue.layer_by_id.items()}
    return layers | {key: one.direction for key, one in catalogue.indicator_by_id.items()}


def _as_set(items: list[Any]) -> list[Any]:
    written = {json.dumps(one): one for one in map(_plain, items)}
    return [written[key] for key in sorted(written)]


def _plain(content: Any) -> Any:
    """Write whole numbers as such: 1 and 1.0 are the same choice, as are 0 and -0."""
    if isinstance(content, dict):
        return {key: _plain(one) for key, one in content.items()}
    if isinstance(content, list):
        return [_plain(one) for one in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content
