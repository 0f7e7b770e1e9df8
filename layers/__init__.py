"""What is measured: from a table of indicators to scores, ranks and their certainty.

The engine's analyses are exported as well, but loaded only when first used: some need scipy or
scikit-learn, for which nobody should wait who only wants scores.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from layers.catalogue import Catalogue, Indicator, Layer, Text
from layers.dataset import Dataset
from layers.errors import DatasetError, PotenzialatlasError, RecipeError
from layers.recipe import Recipe
from layers.robust import Bands, robust
from layers.score import Scores, score

if TYPE_CHECKING:
    from layers.certainty.extremes import extremes
    from layers.certainty.flip import flip
    from layers.certainty.leave_out import leave_out
    from layers.certainty.multiverse import multiverse
    from layers.certainty.smaa import smaa
    from layers.certainty.sobol import sobol
    from layers.study.coherence import coherence
    from layers.study.compare import compare
    from layers.study.panel import panel
    from layers.weighting.data_weights import data_weights
    from layers.weighting.judgement import budget, pairwise

__all__ = [
    "Bands", "Catalogue", "Dataset", "DatasetError", "Indicator", "Layer", "PotenzialatlasError",
    "Recipe", "RecipeError", "Scores", "Text", "budget", "coherence", "compare", "data_weights",
    "extremes", "flip", "leave_out", "multiverse", "pairwise", "panel", "robust", "score", "smaa",
    "sobol",
]  # fmt: skip

#: Name -> module of what is loaded when first used.
_LATER = {
    "budget": "weighting.judgement", "coherence": "study.coherence", "compare": "study.compare",
    "data_weights": "weighting.data_weights", "extremes": "certainty.extremes",
    "flip": "certainty.flip", "leave_out": "certainty.leave_out",
    "multiverse": "certainty.multiverse", "pairwise": "weighting.judgement",
    "panel": "study.panel", "smaa": "certainty.smaa", "sobol": "certainty.sobol",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        msg = f"module 'layers' has no attribute '{name}'"
        raise AttributeError(msg)
    found = getattr(import_module(f"layers.{_LATER[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
