"""Statistics of rasters over areas, against numbers worked out by hand and by brute force.

To be covered: cells covered in part, areas smaller than a cell, areas of several parts, with a
hole, with an exclave, shuffled and with text keys; areas beyond the raster, partly or wholly;
missing cells, which are left out and not zero; rasters in degrees, in another projection, beginning
in the south; weights of people on a grid that matches and on one that does not; classes; wrong
requests.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import boundaries
from geo.access.summary import summary
from geo.rasters import windows, zonal
from geo.rasters.geotiff import Raster, open_raster
from geo.rasters.population import PopulationGrid, open_grid
from geo.rasters.zonal import STATS, indicator, statistic, unit_of
from layers.errors import RecipeError, SourceError

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "formats" / "geotiff"
KREISE = Path(__file__).parents[3] / "data" / "kreise"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the sample files (../shared/data) are not here"
)
WEST, NORTH = 4_321_000, 3_000_000
# 0  1  2  3
# 4  5  6  7
# 8  9 10 11
TWELVE = np.arange(12, dtype="float32").reshape(3, 4)


def box(left, top, right, bottom):
    """Rectangle in cells of the raster, counted from its north-western corner."""
    return shapely.box(
        WEST + 100 * left, NORTH - 100 * bottom, WEST + 100 * right, NORTH - 100 * top
    )


def areas(**shapes):
    return gpd.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs="EPSG:3035")


def grid(people, transform=None):
    people = np.asarray(people, np.float32)
    transform = transform or Affine(1_000, 0, WEST, 0, -1_000, NORTH)
    nowhere = np.zeros(people.shape, np.int32)
    return PopulationGrid(people, transform, "EPSG:3035", nowhere, nowhere == 1, 2011)


@pytest.fixture
def twelve(tif):
    return open_raster(tif(TWELVE))


# 1.5 x 1.5 cells: a quarter of cell 0, halves of 1 and 4, all of 5: 2.25 cells together.
CORNER = areas(a=box(0.5, 0.5, 2, 2))


@pytest.mark.parametrize(
    ("stat", "value"),
    [
        ("mean", (0.25 * 0 + 0.5 * 1 + 0.5 * 4 + 1 * 5) / 2.25),
        ("sum", 0.25 * 0 + 0.5 * 1 + 0.5 * 4 + 1 * 5),
        ("min", 0),
        ("max", 5),
    ],
)
def test_a_square_over_two_and_a_quarter_cells(twelve, stat, value):
    found = statistic(twelve, CORNER, stat).loc["a"]
    assert found.value == pytest.approx(value)
    assert (found.covered, found.note) == (1, "")


@pytest.mark.parametrize(
    ("stat", "threshold", "share"),
    [
        ("share_above", 1, (0.5 + 1) / 2.25),
        ("share_below", 4, (0.25 + 0.5) / 2.25),
        ("share_above", 0.5, (0.5 + 0.5 + 1) / 2.25),
        ("share_above", 99, 0),
    ],
)
def test_shares_are_percent_and_leave_out_the_threshold_itself(twelve, stat, threshold, share):
    found = statistic(twelve, CORNER, stat, threshold=threshold)
    assert found.value["a"] == pytest.approx(100 * share)
    assert unit_of(twelve, stat) == "%"


def test_median_and_quantiles_of_whole_cells(twelve):
    everything = areas(a=box(0, 0, 4, 3))
    assert statistic(twelve, everything, "median").value["a"] == pytest.approx(5.5)
    assert statistic(twelve, everything, "quantile", quantile=0).value["a"] == 0
    assert statistic(twelve, everything, "quantile", quantile=1).value["a"] == 11
    ninth = statistic(twelve, everything, "quantile", quantile=0.9)
    assert ninth.value["a"] == pytest.approx(np.quantile(TWELVE, 0.9))


def test_keys_and_their_order_stay(twelve):
    shapes = areas(**{"09162": box(0, 0, 1, 1), "01001": box(3, 2, 4, 3), "x": box(1, 1, 2, 2)})
    found = statistic(twelve, shapes, "mean")
    assert found["value"].to_dict() == {"09162": 0, "01001": 11, "x": 5}
    assert list(found.index) == list(shapes.index)


def test_areas_of_any_shape(twelve):
    shapes = areas(
        inside_a_cell=box(1.2, 1.2, 1.4, 1.3),
        two_parts=shapely.union_all([box(0, 0, 1, 1), box(3, 2, 4, 3)]),
        hole=box(0, 0, 3, 3) - box(1, 1, 2, 2),
        exclave=shapely.union_all([box(0, 0, 1, 3), box(3.5, 0, 4, 0.5)]),
    )
    found = statistic(twelve, shapes, "mean")["value"]
    assert found["inside_a_cell"] == 5
    assert found["two_parts"] == (0 + 11) / 2
    assert found["hole"] == pytest.approx((0 + 1 + 2 + 4 + 6 + 8 + 9 + 10) / 8)
    assert found["exclave"] == pytest.approx((0 + 4 + 8 + 0.25 * 3) / 3.25)


def test_missing_cells_are_left_out_and_not_zero(tif):
    raster = open_raster(tif(np.where(TWELVE == 5, -1, TWELVE), nodata=-1))
    found = statistic(raster, CORNER, "mean", least=0.5).loc["a"]
    assert found.value == pytest.approx((0.25 * 0 + 0.5 * 1 + 0.5 * 4) / 1.25)
    assert found.covered == pytest.approx(1.25 / 2.25)
    assert found.note == "partial"
    assert statistic(raster, CORNER, "share_above", threshold=2).value["a"] == 100 * 0.5 / 1.25
    assert statistic(raster, CORNER, "max").value["a"] == 4


def test_a_region_covered_too_little_stays_without_a_value(twelve):
    # Three quarters of b and all of c lie beyond the raster.
    shapes = areas(a=box(0, 0, 2, 2), b=box(3, 0, 7, 1), c=box(9, 9, 10, 10))
    found = statistic(twelve, shapes, "mean")
    assert found["note"].to_dict() == {"a": "", "b": "too_little", "c": "outside"}
    assert found["covered"].tolist() == pytest.approx([1, 0.25, 0])
    assert found["value"].isna().tolist() == [False, True, True]
    assert statistic(twelve, shapes, "mean", least=0.25).value["b"] == 3


def test_nothing_of_a_region_beyond_a_hole_in_the_data(tif):
    raster = open_raster(tif(np.where(TWELVE < 4, -1, TWELVE), nodata=-1))
    found = statistic(raster, areas(a=box(0, 0, 4, 1), b=box(0, 1, 4, 2)), "sum")
    assert found["note"].tolist() == ["outside", ""]
    assert np.isnan(found["value"].iloc[0])


def test_a_raster_that_lies_elsewhere_names_both_places(twelve):
    spain = areas(a=shapely.box(3_100_000, 2_000_000, 3_200_000, 2_100_000))
    with pytest.raises(
        SourceError, match=r"longitude 10\.00 .* the regions at longitude -4"
    ) as one:
        statistic(twelve, spain, "mean")
    assert one.value.code == "raster_elsewhere"


def test_areas_are_moved_to_the_raster_whatever_their_system(twelve):
    expected = statistic(twelve, CORNER, "mean").value["a"]
    for crs in ("EPSG:25832", "EPSG:4326"):
        assert statistic(twelve, CORNER.to_crs(crs), "mean").value["a"] == pytest.approx(
            expected, abs=1e-4
        )


def test_a_raster_that_begins_in_the_south_gives_the_same(tif, twelve):
    upward = Affine(100, 0, WEST, 0, 100, NORTH - 300)
    other = open_raster(tif(TWELVE[::-1], name="up.tif", transform=upward))
    for stat in ("mean", "sum", "max", "median"):
        there, here = statistic(other, CORNER, stat), statistic(twelve, CORNER, stat)
        assert there.equals(here)


def test_cells_in_degrees_weigh_by_their_true_area(tif):
    # From 45 to 55 degrees north; cells of one degree shrink with the cosine of the latitude.
    values = np.arange(10.0)[:, None]
    raster = open_raster(tif(values, transform=Affine(1, 0, 8, 0, -1, 55), crs="EPSG:4326"))
    shape = gpd.GeoDataFrame(geometry=[shapely.box(8, 45, 9, 55)], index=["a"], crs="EPSG:4326")
    edges = np.sin(np.radians(np.arange(55, 44, -1)))
    area = edges[:-1] - edges[1:]
    found = statistic(raster, shape, "mean")
    assert found.value["a"] == pytest.approx((values[:, 0] * area).sum() / area.sum(), abs=1e-6)
    assert found.covered["a"] == pytest.approx(1)


# --- people -------------------------------------------------------------------------------------


def wide(tif, values, side=500, **kinds):
    """Raster with cells of `side` metres on the corner of the population grid."""
    return open_raster(tif(values, transform=Affine(side, 0, WEST, 0, -side, NORTH), **kinds))


def test_mean_over_people(tif):
    # Two populated cells of 1 km side by side, values in cells of 500 m; 300 people and 100.
    raster = wide(tif, np.array([[1, 3, 10, 20], [5, 7, 30, 40]], "float32"))
    shape = areas(a=box(0, 0, 20, 10), b=box(0, 0, 15, 10))
    found = statistic(raster, shape, "people_mean", population=grid([[300, 100]]))["value"]
    assert found["a"] == pytest.approx((300 * (1 + 3 + 5 + 7) / 4 + 100 * 25) / 400)
    # b takes half of the second cell, so half of its people.
    assert found["b"] == pytest.approx((300 * 4 + 50 * (10 + 30) / 2) / 350)


def test_share_of_people_beyond_a_threshold(tif):
    raster = wide(tif, np.array([[1, 3, 10, 20], [5, 7, 30, 40]], "float32"))
    shape, people = areas(a=box(0, 0, 20, 10)), grid([[300, 100]])
    above = statistic(raster, shape, "people_share_above", threshold=10, population=people)
    below = statistic(raster, shape, "people_share_below", threshold=5, population=people)
    assert above.value["a"] == pytest.approx(100 * (100 * 3 / 4) / 400)
    assert below.value["a"] == pytest.approx(100 * (300 * 2 / 4) / 400)


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.75, 7), (0.751, 10), (0.875, 20), (1, 40)])
def test_values_within_which_a_share_of_the_people_live(tif, share, value):
    # 75 people live at each of 1, 3, 5, 7 and 25 at each of 10, 20, 30, 40.
    raster = wide(tif, np.array([[1, 3, 10, 20], [5, 7, 30, 40]], "float32"))
    shape, people = areas(a=box(0, 0, 20, 10), b=box(30, 30, 31, 31)), grid([[300, 100]])
    found = statistic(raster, shape, "people_quantile", quantile=share, population=people)
    assert found.value["a"] == value
    assert np.isnan(found.value["b"])
    assert statistic(raster, shape, "people_median", population=people).value["a"] == 5


def test_cells_larger_than_those_of_the_people(tif):
    raster = wide(tif, np.array([[5, 9]], "float32"), side=2_000)
    shape = areas(a=box(0, 0, 40, 20))
    people = grid([[100, 0, 0, 50], [0, 0, 50, 0]])
    found = statistic(raster, shape, "people_mean", population=people)
    assert found.value["a"] == pytest.approx((100 * 5 + 100 * 9) / 200)


def test_coverage_by_people_counts_those_without_a_value(tif):
    raster = wide(tif, np.array([[-1, 6]], "float32"), side=1_000, nodata=-1)
    shape, people = areas(a=box(0, 0, 20, 10)), grid([[30, 10]])
    found = statistic(raster, shape, "people_mean", population=people, least=0.2).loc["a"]
    assert (found.value, found.note) == (6, "partial")
    assert found.covered == pytest.approx(10 / 40)
    assert statistic(raster, shape, "people_mean", population=people).note["a"] == "too_little"


def test_where_nobody_lives_nothing_can_be_weighed(tif):
    raster = wide(tif, np.array([[4, 6]], "float32"), side=1_000)
    shape = areas(a=box(0, 0, 10, 10), b=box(10, 0, 20, 10))
    found = statistic(raster, shape, "people_mean", population=grid([[0, 10]]))
    assert found["note"].tolist() == ["nobody", ""]
    assert np.isnan(found.value["a"])


@pytest.mark.parametrize(
    ("crs", "transform", "shape", "most"),
    [
        ("EPSG:3035", Affine(100, 0, WEST - 300, 0, -100, NORTH + 700), (120, 120), 1e-6),
        ("EPSG:3035", Affine(130, 0, WEST + 33, 0, -130, NORTH + 41), (90, 90), 0.02),
        ("EPSG:25832", Affine(1_000, 0, 570_000, 0, -1_000, 5_560_000), (40, 40), 0.02),
        ("EPSG:4326", Affine(0.01, 0, 9.9, 0, -0.01, 50.1), (50, 50), 0.02),
    ],
    ids=["matching", "shifted", "other projection", "degrees"],
)
def test_people_stay_where_they_are_whatever_the_raster(crs, transform, shape, most):
    """Shares of the people of two halves, on the way to a raster's grid; exact if grids match."""
    from exactextract import exact_extract
    from exactextract.operation import Operation
    from pyproj import CRS

    people = grid(np.random.default_rng(1).integers(0, 500, (10, 10)))
    raster = Raster(Path("x.tif"), 1, CRS(crs), transform, *shape, "float32")
    halves = areas(west=box(0, 0, 45, 100), east=box(45, 0, 100, 100)).to_crs(crs)
    factor = windows.People.factor(people, raster)
    frame = windows.frame_of(raster, tuple(halves.total_bounds), max(1, int(factor)))
    source = windows.People(people, raster, frame.scaled(factor))
    operation = Operation("sum", "people", source, None, {})
    found = exact_extract(source, halves, [operation], output="pandas")["people"]
    row = people.people.sum(axis=0)
    expected = np.array([row[:4].sum() + row[4] / 2, row[4] / 2 + row[5:].sum()])
    assert (found / found.sum()).tolist() == pytest.approx(expected / expected.sum(), rel=most)
    if crs != "EPSG:4326":
        cell = (transform.a * factor / 1_000) ** 2
        assert (found * cell).tolist() == pytest.approx(expected, rel=most)


# --- classes ------------------------------------------------------------------------------------


@pytest.fixture
def cover(tif):
    colours = {1: (255, 0, 0), 2: (0, 255, 0), 3: (0, 0, 255)}
    values = np.array([[1, 1, 2, 3], [1, 2, 2, 3]], "uint8")
    return open_raster(tif(values, transform=Affine(500, 0, WEST, 0, -500, NORTH), colours=colours))


def test_share_of_classes(cover):
    shape, people = areas(a=box(0, 0, 20, 10)), grid([[300, 100]])
    assert statistic(cover, shape, "share_of_class", classes=[1]).value["a"] == 100 * 3 / 8
    assert statistic(cover, shape, "share_of_class", classes=[2, 3]).value["a"] == 100 * 5 / 8
    by_people = statistic(
        cover, shape, "people_share_of_class", classes=[1], population=people
    ).value["a"]
    assert by_people == pytest.approx(100 * (300 * 3 / 4) / 400)


@pytest.mark.parametrize("stat", ["mean", "sum", "median", "people_mean", "share_above"])
def test_quantities_of_classes_make_no_sense(cover, stat):
    with pytest.raises(RecipeError, match="share of classes"):
        statistic(cover, areas(a=box(0, 0, 20, 10)), stat, threshold=1)


# --- properties ---------------------------------------------------------------------------------

corners = st.tuples(
    st.floats(0, 3.5), st.floats(0, 2.5), st.floats(0.2, 3), st.floats(0.2, 2.5)
).map(lambda one: box(one[0], one[1], min(4, one[0] + one[2]), min(3, one[1] + one[3])))


@pytest.fixture(scope="module")
def gappy(tmp_path_factory):
    import rasterio

    path = tmp_path_factory.mktemp("rasters") / "gappy.tif"
    values = np.where(TWELVE == 6, -1, TWELVE * TWELVE)
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=3, count=1, dtype="float32", crs="EPSG:3035",
        transform=Affine(100, 0, WEST, 0, -100, NORTH), nodata=-1,
    ) as file:  # fmt: skip
        file.write(values, 1)
    return open_raster(path)


def brute(raster, shape):
    """Values and covered parts of all cells that have one, by cutting the area cell by cell."""
    with raster.open() as file:
        cells = raster.read(file, 0, 0, raster.height, raster.width)
    parts = [
        (cells[row, column], shape.intersection(box(column, row, column + 1, row + 1)).area / 1e4)
        for row, column in np.ndindex(*cells.shape) if cells[row, column] is not np.ma.masked
    ]  # fmt: skip
    value, part = np.array(parts, dtype=float).T
    return value, part


@settings(max_examples=12)
@given(shape=corners)
def test_agrees_with_brute_force_and_keeps_its_order(gappy, shape):
    value, part = brute(gappy, shape)
    found = {
        stat: statistic(gappy, areas(a=shape), stat, threshold=20, least=0).loc["a"]
        for stat in ("mean", "sum", "min", "max", "share_above", "share_below")
    }
    if part.sum() * 1e4 < 1e-6 * shape.area:
        return
    assert found["mean"].value == pytest.approx((value * part).sum() / part.sum(), rel=1e-6)
    assert found["mean"].covered == pytest.approx(1e4 * part.sum() / shape.area, abs=1e-6)
    assert found["sum"].value == pytest.approx((value * part).sum(), rel=1e-6, abs=1e-6)
    assert found["min"].value <= found["mean"].value + 1e-6
    assert found["mean"].value <= found["max"].value + 1e-6
    above = 100 * part[value > 20].sum() / part.sum()
    assert found["share_above"].value == pytest.approx(above, abs=1e-4)
    # No cell has exactly 20, so that the two shares are everything.
    assert found["share_above"].value + found["share_below"].value == pytest.approx(100)


@settings(max_examples=10)
@given(shape=corners, cut=st.floats(0.1, 0.9))
def test_the_parts_of_an_area_make_up_the_whole(gappy, shape, cut):
    west, south, east, north = shape.bounds
    middle = west + cut * (east - west)
    parts = areas(
        whole=shape, west=shapely.box(west, south, middle, north),
        east=shapely.box(middle, south, east, north),
    )  # fmt: skip
    means = statistic(gappy, parts, "mean", least=0)
    sums = statistic(gappy, parts, "sum", least=0)["value"].fillna(0)
    assert sums["west"] + sums["east"] == pytest.approx(sums["whole"], rel=1e-5, abs=1e-5)
    weight = means["covered"] * parts.area
    known = weight[["west", "east"]]
    together = (means["value"].fillna(0)[["west", "east"]] * known).sum()
    if known.sum() > 1:
        assert together / known.sum() == pytest.approx(means["value"]["whole"], rel=1e-4)


# --- the whole way ------------------------------------------------------------------------------


def test_indicator_is_a_long_table_and_says_what_it_lacks(twelve):
    shapes = areas(a=box(0, 0, 2, 2), b=box(3, 0, 5, 1), c=box(3, 0, 9, 1), d=box(9, 9, 10, 10))
    found = indicator(twelve, shapes, "mean", least=0.5)
    assert found.table.to_dict("list") == {
        "region": ["a", "b"], "value": [2.5, 3.0], "flag": ["calculated", "calculated"],
    }  # fmt: skip
    assert found.partial == ("b",)
    assert found.missing == {"c": "too_little", "d": "outside"}
    assert found.covered["b"] == pytest.approx(0.5)


def test_indicator_without_any_region_is_an_error(twelve):
    with pytest.raises(SourceError, match=r"at least 90%; .* a with 50\.0%"):
        indicator(twelve, areas(a=box(3, 0, 5, 1)), "mean", least=0.9)


@pytest.mark.parametrize(
    ("stat", "options", "said"),
    [
        ("average", {}, "one of mean, median"),
        ("share_above", {}, "threshold"),
        ("people_share_below", {"threshold": float("nan")}, "threshold"),
        ("quantile", {}, "from 0 to 1"),
        ("quantile", {"quantile": 90}, "from 0 to 1"),
        ("share_of_class", {}, "numbers of the classes"),
        ("mean", {"least": 2}, "least"),
    ],
)
def test_requests_that_cannot_be_met(twelve, stat, options, said):
    with pytest.raises(RecipeError, match=said):
        statistic(twelve, CORNER, stat, **options)


def test_a_raster_in_a_system_that_leads_nowhere(tif):
    local = (
        'ENGCRS["site", EDATUM["site"], CS[Cartesian, 2], AXIS["x", east], AXIS["y", north], '
        'LENGTHUNIT["m", 1]]'
    )
    raster = open_raster(tif(TWELVE, crs=None), crs=local)
    with pytest.raises(SourceError, match="cannot be moved into its CRS 'site'"):
        statistic(raster, CORNER, "mean")


def test_areas_without_a_system(twelve):
    with pytest.raises(SourceError, match="coordinate reference system"):
        statistic(twelve, gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], index=["a"]), "mean")


def test_a_region_that_occurs_twice(twelve):
    twice = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)] * 2, index=["a", "a"], crs="EPSG:3035")
    with pytest.raises(SourceError, match="'a' occurs more than once"):
        statistic(twelve, twice, "mean")


def test_a_quantile_over_too_many_cells_is_refused(twelve, monkeypatch):
    monkeypatch.setattr(zonal, "_QUANTILE_CELLS", 2)
    with pytest.raises(SourceError, match="average the raster to larger cells"):
        statistic(twelve, CORNER, "median")


def test_a_file_that_breaks_after_it_was_opened(tif):
    path = tif(np.random.default_rng(1).random((300, 4)))
    raster = open_raster(path)
    path.write_bytes(path.read_bytes()[:2_000])
    with pytest.raises(SourceError, match="cut off"):
        statistic(raster, areas(a=box(0, 0, 4, 300)), "mean")


def test_small_pieces_give_the_same(tif, monkeypatch):
    values = np.random.default_rng(1).random((90, 70)).astype("float32")
    raster = open_raster(tif(values))
    circle = shapely.Point(WEST + 3_500, NORTH - 4_500).buffer(3_000)
    shapes = areas(a=circle, b=box(60, 70, 90, 99))
    once = statistic(raster, shapes, "mean", least=0)
    monkeypatch.setattr(zonal, "_AT_ONCE", 50)
    again = statistic(raster, shapes, "mean", least=0)
    assert np.allclose(again[["value", "covered"]], once[["value", "covered"]])


def test_every_statistic_is_described_and_works(tif):
    raster = wide(tif, np.array([[1, 3, 10, 20], [5, 7, 30, 40]], "float32"), nodata=-1)
    shape, people = areas(a=box(0, 0, 20, 10)), grid([[300, 100]])
    for stat in STATS:
        found = statistic(
            raster, shape, stat, threshold=5, quantile=0.2, classes=[1], population=people
        )
        assert found["value"].notna().all()
        assert found["covered"].eq(1).all()


def test_mean_over_people_agrees_with_giving_each_cell_to_one_kreis():
    """Distances to the next station: cells cut by borders or counted where their centre lies."""
    people = open_grid()
    raster = open_raster(KREISE.parent / "grid" / "access.tif", band=1)
    found = statistic(raster, boundaries.load(KREISE), "people_mean", population=people)
    cells = people.cells()
    with raster.open() as file:
        values = raster.read(file, 0, 0, raster.height, raster.width)
    table = summary(cells, values.filled(np.nan).ravel()[cells.index], cells["region"])
    difference = (found["value"] - table["km_mean"]).abs()
    assert difference.max() < 0.3
    assert difference.median() < 0.02
    assert found["note"].eq("").all()


@needs_samples
@pytest.mark.parametrize(
    ("name", "options", "stat"),
    [
        ("clc-aachen_clipped.tif", {}, "share_of_class"),
        ("clc-aachen_clipped-unflipped.tif", {"nodata": 0}, "share_of_class"),
        ("gsa-ghi-like.tif", {}, "mean"),
        ("osm_roads_minor.9.264.171.tif", {}, "mean"),
        ("aachen_eligibility.tif", {}, "share_above"),
    ],
)
def test_real_files_over_the_real_kreise(name, options, stat):
    shapes = boundaries.load(KREISE)
    raster = open_raster(SAMPLES / name, **options)
    # Classes 1 and 2 of CORINE are dense and loose settlement.
    found = indicator(raster, shapes, stat, threshold=0.5, classes=[1, 2], least=0.3)
    assert "05334" in set(found.table["region"])
    assert found.table["value"].between(0, 1_000).all()
    assert set(found.partial) <= set(found.table["region"])
    assert len(found.table) + len(found.missing) == 400


@needs_samples
def test_a_real_file_of_another_country():
    shapes = boundaries.load(KREISE)
    raster = open_raster(SAMPLES / "awkward_float_raster_with_nodata.tif")
    with pytest.raises(SourceError, match=r"longitude 38\."):
        statistic(raster, shapes, "mean")
