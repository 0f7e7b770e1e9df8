"""What is measured: from a table of indicators to scores, ranks and their certainty."""

from layers.catalogue import Catalogue, Indicator, Layer, Text
from layers.dataset import Dataset
from layers.errors import DatasetError, PotenzialatlasError, RecipeError
from layers.recipe import Recipe
from layers.robust import Bands, robust
from layers.score import Scores, score

__all__ = [
    "Bands", "Catalogue", "Dataset", "DatasetError", "Indicator", "Layer", "PotenzialatlasError",
    "Recipe", "RecipeError", "Scores", "Text", "robust", "score",
]  # fmt: skip
