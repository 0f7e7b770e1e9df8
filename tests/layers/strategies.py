"""Invented datasets and recipes for property tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from layers.catalogue import Catalogue, Indicator, Layer
from layers.dataset import Dataset, Source
from layers.recipe import (
    Aggregate,
    CombineChange,
    Denominate,
    Impute,
    ImputeChange,
    Kinds,
    Normalise,
    Range,
    Recipe,
    Reference,
    Screen,
    Treat,
    TreatChange,
)

SOURCE = Source(title="Invented", publisher="Tests", licence="CC0-1.0", attribution="Invented")


def indicator(key, **given):
    return Indicator(**{"id": key, "name": key, "direction": "+", "source": "s"} | given)


def layer(key, *indicators, **given):
    return Layer(**{"id": key, "name": key, "indicator": indicators} | given)


def dataset(layers, values, regions=None, year=2020):
    """Build a dataset in memory from layers and a frame of values, regions x indicators."""
    if regions is None:
        regions = pd.DataFrame({"name": values.index}, index=values.index)
    regions.index.name = "region"
    table = values.rename_axis(index="region").reset_index()
    table = table.melt("region", var_name="indicator").dropna()
    table = table.assign(year=year, flag="", source="")
    return Dataset(
        id="made", version="1", title={"de": "x", "en": "x"},
        catalogue=Catalogue(layers=tuple(layers)), values=table, regions=regions,
        sources={"s": SOURCE}, attributes={}, path=Path(),
    )  # fmt: skip


def flat(values, directions=None):
    """Build a dataset with one indicator per layer: column ``a`` belongs to layer ``layer_a``."""
    directions = directions or {}
    return dataset(
        [
            layer(f"layer_{key}", indicator(key, direction=directions.get(key, "+")))
            for key in values.columns
        ],
        values,
    )


#: Values as statistics have them: rounded, of either sign, with ties.
cells = st.integers(-2_000, 2_000).map(lambda whole: whole / 8)


@st.composite
def tables(draw, *, gaps=True, min_regions=3, max_regions=8):
    """Draw regions x 4 indicators; every column keeps at least two different values."""
    size = draw(st.integers(min_regions, max_regions))
    values = np.array(draw(st.lists(cells, min_size=4 * size, max_size=4 * size)))
    values = values.reshape(size, 4)
    if gaps:
        holes = draw(st.lists(st.booleans(), min_size=4 * size, max_size=4 * size))
        few = np.array(holes).reshape(size, 4) & (np.arange(size) >= 2)[:, None]
        values[few] = np.nan
    values[0] = values[1] + draw(st.sampled_from([1, 17.5, 300]))
    return pd.DataFrame(values, index=[f"R{i}" for i in range(size)], columns=list("abcd"))


def nested(values, **given):
    """Build three levels: ``top`` (``left`` with a and b, and c itself) beside ``right`` with d.

    Indicator b counts the other way round.
    """
    return dataset(
        [
            layer("top", indicator("c", weight=2)),
            layer("left", indicator("a"), indicator("b", direction="-"), parent="top", weight=3),
            layer("right", indicator("d"), weight=1.5),
        ],
        values,
        **given,
    )


methods = st.one_of(
    st.builds(Normalise, method=st.sampled_from(["minmax", "percentile"]), range=st.just((1, 100))),
    st.builds(Normalise, method=st.just("rank")),
)
means = st.sampled_from(["arithmetic", "geometric"])
coverages = st.sampled_from([0, 0.5, 0.66, 1])

names = st.text(max_size=12)
numbers = st.floats(-1e100, 1e100)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
signs = st.sampled_from("+-0")
#: Column of `REGIONS` -> what a filter on it may hold.
REGIONS = pd.DataFrame(
    {"text": ["01"], "whole": [1], "real": [0.5], "flag": [True], "ä & ~%=🌍": ["x"]}
)


@st.composite
def ranges(draw):
    low, high = sorted((draw(numbers), draw(numbers)))
    ends = draw(st.sampled_from(["both", "min", "max"]))
    return Range(min=None if ends == "max" else low, max=None if ends == "min" else high)


texts = st.lists(st.text(), min_size=1, max_size=3)
filters = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "whole": st.lists(st.integers(-(10**18), 10**18), min_size=1, max_size=3) | ranges(),
        "real": st.lists(numbers, min_size=1, max_size=3) | ranges(),
        "flag": st.lists(st.booleans(), min_size=1, max_size=2),
        "ä & ~%=🌍": texts,
    },
)
weights = st.floats(0, 1e6)


shares = st.floats(0, 1)
wholes = st.integers(1, 10**9 - 1)
positive = st.floats(1e-100, 1e100)
not_negative = st.floats(0, 1e100)
#: Names of means, with the options that those need which need any.
OPTIONS = {"p": 0.5, "order_weights": (1, 2, 3)}
MEANS = [
    "arithmetic", "geometric", "harmonic", "power", "median", "owa", "mpi", "copeland", "bod"
]  # fmt: skip
#: Every mean but benefit of the doubt, which is slow.
all_means = st.sampled_from(MEANS[:-1])


@st.composite
def pairs(draw):
    return tuple(sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True))))


@st.composite
def normalises(draw):
    return Normalise(
        method=draw(st.sampled_from([
            "minmax", "zscore", "rank", "percentile", "borda", "goalposts", "distance_to_max",
            "distance_to_target", "robust",
        ])),
        range=draw(st.none() | pairs()), mean=draw(numbers), sd=draw(positive),
        truncate=draw(st.booleans()), constant=draw(st.sampled_from(["error", "drop"])),
        goalposts=draw(st.dictionaries(ids, pairs(), max_size=2)),
        targets=draw(st.dictionaries(ids, numbers, max_size=2)),
    )  # fmt: skip


def maybe(strategy):
    return st.none() | strategy


powers = st.floats(-50, 50)
orders = st.lists(not_negative, min_size=1, max_size=3).filter(any).map(tuple)
penalties = st.sampled_from("-+")
combine_changes = st.builds(
    CombineChange, method=maybe(st.sampled_from(MEANS)), min_coverage=maybe(shares),
    p=maybe(powers), order_weights=maybe(orders), penalty=maybe(penalties),
    spread=maybe(not_negative),
)  # fmt: skip
aggregates = st.builds(
    Aggregate, method=st.sampled_from(MEANS), min_coverage=shares, p=powers, order_weights=orders,
    penalty=penalties, spread=maybe(not_negative),
    levels=st.dictionaries(st.sampled_from(["index", "1", "2"]), combine_changes, max_size=2),
    layers=st.dictionaries(ids, combine_changes, max_size=2),
)  # fmt: skip
fillings = st.sampled_from(["none", "median", "group_median", "layer_mean", "knn", "previous_year"])
imputes = st.builds(
    Impute, method=fillings, by=st.text(min_size=1), neighbours=wholes, max_age=wholes,
    indicators=st.dictionaries(
        ids, st.builds(ImputeChange, method=maybe(fillings), by=maybe(st.text(min_size=1)),
                       neighbours=maybe(wholes), max_age=maybe(wholes)), max_size=2,
    ),
)  # fmt: skip
treatments = st.sampled_from(["none", "winsorise", "log", "shifted_log", "boxcox"])
treats = st.builds(
    Treat, method=treatments, skew=not_negative, kurtosis=numbers, max=wholes,
    always=st.booleans(),
    indicators=st.dictionaries(
        ids, st.builds(TreatChange, method=maybe(treatments), skew=maybe(not_negative),
                       kurtosis=maybe(numbers), max=maybe(wholes), always=maybe(st.booleans())),
        max_size=2,
    ),
)  # fmt: skip
names_of_regions = st.lists(st.text(min_size=1), max_size=2).map(tuple)


@st.composite
def kinds(draw):
    first, last = sorted(
        draw(st.lists(st.integers(1900, 2200), min_size=2, max_size=2, unique=True))
    )
    sizes, changes = (
        st.lists(one, min_size=2, max_size=2, unique=True).map(sorted).map(tuple)
        for one in (st.floats(1, 1e9), st.floats(-100, 100))
    )
    return Kinds(
        size=draw(sizes), economy=draw(ids), first=first, last=last,
        economy_bounds=draw(changes), population_bounds=draw(changes),
        yardstick=draw(st.sampled_from(["national", "none"])),
        trend=draw(st.sampled_from(["ends", "line"])),
    )  # fmt: skip


recipes = st.builds(
    Recipe,
    name=st.builds(dict, de=names, en=names),
    dataset=st.text(max_size=10),
    year=st.just("latest") | st.integers(1900, 2200),
    filter=filters,
    kinds=st.just(Kinds()) | kinds(),
    reference=st.builds(Reference, set=st.sampled_from(["all", "filtered"])),
    denominate=st.dictionaries(
        ids, st.builds(Denominate, by=st.text(min_size=1), scale=positive), max_size=2
    ),
    screen=st.builds(
        Screen, minimum=shares, non_zero=shares, always=names_of_regions, never=names_of_regions
    ),
    impute=imputes,
    treat=treats,
    normalise=normalises(),
    aggregate=aggregates,
    weights=st.dictionaries(
        st.builds("{}:{}".format, st.sampled_from(["layer", "indicator"]), ids), weights
    ),
    directions=st.dictionaries(ids | ids.map("layer:{}".format), signs),
    ties=st.sampled_from(["min", "average"]),
)
