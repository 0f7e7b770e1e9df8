"""Three regions to share people out over, small enough to be worked out by hand."""

from __future__ import annotations

import pandas as pd
from strategies import dataset, indicator, layer

from layers import Recipe, score
from layers.study.distribution_rule import PARTS, Rule
from layers.study.present import PRESENT

#: Scores of P, Q, R are 100, 50 and 0 with layer a alone; 0, 100 and 50 with layer b alone.
VALUES = pd.DataFrame(
    {"a": [4.0, 3, 2], "b": [0.0, 8, 4], PRESENT: [10.0, 1, 5]}, index=list("PQR")
)
REGIONS = pd.DataFrame(
    {
        "name": ["Pe", "Qu", "Er"], "land": ["01", "01", "02"],
        "population": [10_000, 20_000, 30_000], "population_year": 2023,
        "area_km2": [10.5, 10.5, 21.0],
    },
    index=list("PQR"),
)  # fmt: skip
LAYERS = [
    layer("la", indicator("a")), layer("lb", indicator("b")),
    layer("lc", indicator(PRESENT, direction="0")),
]  # fmt: skip
ONLY_A = Recipe(weights={"layer:lb": 0.0})


def scores(recipe=ONLY_A, values=VALUES, regions=REGIONS):
    return score(dataset(LAYERS, values, regions.copy()), recipe)


def rule(**given):
    mixture = {key: given.pop(key) for key in PARTS if key in given}
    return Rule(mixture=mixture or {"population": 1}, **given)
