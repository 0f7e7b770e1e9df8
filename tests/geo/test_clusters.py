"""Neighbours: who they are, whether they resemble each other, and which clusters they form.

Shapes covered: a row worked by hand, a checkerboard, a gradient, an island, an enclave whose only
neighbour has no value, equal values, no values, fewer than three regions, shuffled rows.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran, Moran_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geo import boundaries, clusters
from layers import paths


def grid(rows, columns, *, extra=()):
    """Unit squares; the key is row and column, so "0103" is row 1, column 3."""
    cells = {f"{r:02}{c:02}": box(c, r, c + 1, r + 1) for r in range(rows) for c in range(columns)}
    cells |= dict(extra)
    return gpd.GeoDataFrame(geometry=list(cells.values()), index=list(cells), crs="EPSG:25832")


def on(shapes, values):
    return pd.Series(np.asarray(values, dtype="float64"), index=shapes.index)


def test_neighbours_share_a_border_or_a_corner():
    near = clusters.queen(grid(3, 3))
    assert sorted(near["0101"].index) == ["0000", "0001", "0002", "0100", "0102", "0200", "0201",
                                          "0202"]  # fmt: skip
    assert sorted(near["0000"].index) == ["0001", "0100", "0101"]


def test_moran_of_three_in_a_row_by_hand():
    """z = -1, 0, 1; each end sees the middle only, the middle sees the mean of both ends."""
    shapes = grid(1, 3)
    found = clusters.autocorrelation(on(shapes, [1, 2, 3]), clusters.queen(shapes))
    assert found.index == pytest.approx((-1 * 0 + 0 * 0 + 1 * 0) / 2)
    assert found.expected == -1 / 2
    assert found.regions == 3


def test_moran_of_four_in_a_row_by_hand():
    """z = -1.5, -0.5, 0.5, 1.5 with lags -0.5, -0.5, 0.5, 0.5 and squares that add up to 5."""
    shapes = grid(1, 4)
    near, values = clusters.queen(shapes), on(shapes, [1, 2, 3, 4])
    sums = 1.5 * 0.5 + 0.5 * 0.5 + 0.5 * 0.5 + 1.5 * 0.5
    assert clusters.autocorrelation(values, near).index == pytest.approx(sums / 5)
    expected = [3 * 1.5 * 0.5 / 5, 3 * 0.5 * 0.5 / 5, 3 * 0.5 * 0.5 / 5, 3 * 1.5 * 0.5 / 5]
    found = clusters.local(values, near, permutations=99)
    assert found["index"].tolist() == pytest.approx(expected)


def test_a_checkerboard_differs_from_its_neighbours_and_a_gradient_resembles_them():
    shapes = grid(8, 1, extra={"far": box(50, 50, 51, 51)})
    near = clusters.queen(shapes)
    alternating = on(shapes, [*([0, 1] * 4), 0.5])
    assert clusters.autocorrelation(alternating, near).index == pytest.approx(-1)
    rising = clusters.autocorrelation(on(shapes, [*range(8), 3.5]), near)
    assert rising.index > 0.7
    assert rising.p < 0.05


def test_clusters_lie_where_they_were_put():
    shapes = grid(12, 12)
    values = on(shapes, np.random.default_rng(3).normal(size=144))
    hot = [f"{r:02}{c:02}" for r in range(4) for c in range(4)]
    cold = [f"{r:02}{c:02}" for r in range(8, 12) for c in range(8, 12)]
    values[hot] += 8
    values[cold] -= 8
    kind = clusters.local(values, clusters.queen(shapes))["kind"]
    # Those at the rim have others among their neighbours and may be less certain.
    inside = [one for one in hot if max(one[1], one[3]) < "3"]
    assert set(kind[inside]) == {"high_high"}
    assert set(kind[hot]) <= {"high_high", "none"}
    assert set(kind[cold]) <= {"low_low", "none"}
    assert (kind[cold] == "low_low").mean() > 0.7
    assert (kind.drop([*hot, *cold]) == "none").mean() > 0.9


def test_probabilities_are_those_of_drawing_the_neighbours_of_each_region_by_itself():
    shapes = grid(4, 5)
    near, values = clusters.queen(shapes), on(shapes, [*range(18), 3, 3])
    z = (values - values.mean()).to_numpy()
    random = np.random.default_rng(7)
    # The largest number of neighbours is eight; one more place is kept in reserve.
    draws = [random.choice(20, 8 + 1, replace=False) for _ in range(199)]
    found = clusters.local(values, near, permutations=199, seed=7)["p"]
    for place, key in enumerate(values.index):
        around = [values.index.get_loc(one) for one in near[key].index]
        lags = np.array([
            z[[one for one in draw if one != place][: len(around)]].sum() for draw in draws
        ])  # fmt: skip
        own = z[around].sum()
        far = min((lags >= own - 1e-9).sum(), (lags <= own + 1e-9).sum())
        assert found[key] == min(1, 2 * (1 + far) / (1 + 199)), key


def test_noise_has_hardly_any_cluster():
    shapes = grid(15, 15)
    values = on(shapes, np.random.default_rng(5).normal(size=225))
    near = clusters.queen(shapes)
    assert (clusters.local(values, near)["kind"] == "none").mean() > 0.98
    assert clusters.autocorrelation(values, near).p > 0.05


def test_an_island_and_an_enclave_within_a_gap_are_left_out_and_named():
    ring = box(20, 0, 23, 3).difference(box(21, 1, 22, 2))
    extra = {"isle": box(50, 50, 51, 51), "ring": ring, "town": box(21, 1, 22, 2)}
    shapes = grid(4, 4, extra=extra)
    near = clusters.queen(shapes)
    values = on(shapes, [*range(16), 99, np.nan, 99])
    found, local = clusters.autocorrelation(values, near), clusters.local(values, near)
    assert set(found.alone) == {"isle", "town"}
    assert found.regions == 16
    assert local["kind"][["isle", "ring", "town"]].tolist() == ["alone", "gap", "alone"]
    assert local.loc[["isle", "ring", "town"], "index"].isna().all()
    without = grid(4, 4)
    alone = clusters.autocorrelation(on(without, range(16)), clusters.queen(without))
    assert found.index == pytest.approx(alone.index)


@pytest.mark.parametrize(
    "values",
    [[5.0] * 9, [np.nan] * 9, [1.0, 2.0, *[np.nan] * 7]],
    ids=["all equal", "no value", "two regions"],
)
def test_where_nothing_can_be_compared_nothing_is_claimed(values):
    shapes = grid(3, 3)
    near = clusters.queen(shapes)
    found = clusters.autocorrelation(on(shapes, values), near)
    assert np.isnan([found.index, found.p]).all()
    kinds = set(clusters.local(on(shapes, values), near)["kind"])
    assert not kinds & {"high_high", "low_low", "high_low", "low_high"}


@pytest.fixture(scope="module")
def kreise():
    from layers import Dataset

    dataset = Dataset.open(paths.data_folder() / "kreise")
    return dataset, clusters.queen(boundaries.load(dataset.path))


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
@pytest.mark.parametrize("key", ["unemployment_rate", "vacancies_per_100_unemployed"])
def test_the_numbers_are_those_of_esda(kreise, key):
    dataset, near = kreise
    values = dataset.select().values[key]
    known = values.dropna().reindex(near.unique_ids).dropna()
    graph = near.subgraph(known.index)
    known = known.drop(list(graph.isolates))
    graph = graph.subgraph(known.index).transform("r")
    found = clusters.autocorrelation(values, near)
    assert found.index == pytest.approx(Moran(known.to_numpy(), graph, permutations=0).I, abs=1e-12)
    theirs = Moran_Local(known.to_numpy(), graph, permutations=9_999, seed=1)
    ours = clusters.local(values, near).loc[known.index]
    assert ours["index"].to_numpy() == pytest.approx(theirs.Is, abs=1e-12)
    # Theirs is one-sided and drawn otherwise: 9,999 draws leave an error of about 0.01.
    assert ours["p"].to_numpy() == pytest.approx(np.minimum(1, 2 * theirs.p_sim), abs=0.05)


def test_no_kreis_is_without_neighbours(kreise):
    _, near = kreise
    assert len(near.isolates) == 0
    assert "13073" in near["13075"].index, "Vorpommern-Rügen hangs on the mainland"


def test_the_same_seed_gives_the_same_numbers_in_any_order_of_rows(kreise):
    dataset, near = kreise
    values = dataset.select().values["rent_level"]
    shuffled = values.sample(frac=1, random_state=1)
    again = clusters.local(shuffled, near).reindex(values.index)
    pd.testing.assert_frame_equal(clusters.local(values, near), again)
    assert clusters.autocorrelation(values, near) == clusters.autocorrelation(shuffled, near)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=16, max_size=16).filter(lambda one: len(set(one)) > 1),
    st.integers(1, 9), st.integers(-100, 100),
)  # fmt: skip
def test_neither_unit_nor_origin_matters(numbers, factor, shift):
    shapes = grid(4, 4)
    near, values = clusters.queen(shapes), on(shapes, numbers)
    before = clusters.autocorrelation(values, near, permutations=9)
    after = clusters.autocorrelation(values * factor + shift, near, permutations=9)
    assert after.index == pytest.approx(before.index, abs=1e-9)


def test_groups_hang_together_and_come_largest_first():
    near = clusters.queen(grid(5, 5))
    chosen = ["0404", "0000", "0001", "0101", "0304"]
    assert clusters.join(chosen, near) == [["0000", "0001", "0101"], ["0304", "0404"]]
    assert clusters.join([], near) == []
    assert clusters.join(["0202"], near) == [["0202"]]
