"""Pictures of cells: every person in one class, every cell in its place, near and far told apart.

Shapes of area: one Kreis, one with islands, a small city, a Land, nobody far, everybody far, a
cell without a value, no boundaries.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image as images
from matplotlib.colors import to_rgb

from geo import boundaries
from geo.rasters import picture
from geo.rasters.closeup import (
    BOTH,
    LIMITS,
    MISSING,
    PEOPLE,
    STOP,
    TOWN,
    Closeup,
    Surface,
    measures,
    open_surface,
)
from geo.rasters.sheet import CellSheet, SheetRow, render
from layers.errors import SourceError
from layers.paths import data_folder

SEENPLATTE, NORDFRIESLAND, WUERZBURG, BAYERN = "13071", "01054", "09663", "09"
CORNER = Affine(1000, 0, 4_000_000, 0, -1000, 3_000_000)


@pytest.fixture(scope="session")
def surface():
    return open_surface()


@pytest.fixture(scope="session")
def shapes():
    return picture.areas(boundaries.load(data_folder() / "kreise"))


def small(train, town, people, places=None):
    """Invented cells of one Kreis side by side, from west to east unless `places` says where."""
    row, column = places or (np.zeros(len(train), int), np.arange(len(train)))
    cells = pd.DataFrame(
        {"row": row, "column": column, PEOPLE: people, "region": 1001, STOP: train, TOWN: town}
    )
    centres = pd.DataFrame({"name": [], "level": [], "people": [], "x": [], "y": []})
    return Surface(cells, centres, CORNER, data_folder() / "grid", 2011, "").closeup("01001")


def test_far_from_both_is_far_from_each():
    closeup = small([11.0, 11.0, 9.0, 10.0], [11.0, 9.0, 11.0, 10.0], [1, 20, 300, 4000])
    assert closeup.codes(BOTH, 10).tolist() == [3, 1, 2, 0]
    assert [one.people for one in closeup.classes(BOTH, 10)] == [4000, 20, 300, 1]
    assert closeup.far(10, STOP, TOWN).people == 1
    assert closeup.far(10, STOP) == (1 + 20, (1 + 20) / 4321)


def test_a_value_at_a_bound_belongs_to_the_nearer_class(surface):
    for name, one in measures().items():
        if one.bounds:
            flat = small(list(one.bounds), list(one.bounds), 1)
            cells = flat.cells.assign(**{name: np.float32(one.bounds)})
            codes = replace(flat, cells=cells).codes(name, 0)
            assert codes.tolist() == list(range(len(one.bounds)))
    # Distances are kept as whole steps; those at a bound must not slip over it.
    distance = surface.cells[STOP]
    assert (distance[np.isclose(distance, 10)] <= 10).all()


@settings(max_examples=20)
@given(
    values=st.lists(
        st.tuples(st.floats(0, 60, width=32), st.floats(0, 60, width=32), st.integers(1, 9999)),
        min_size=1, max_size=30,
    ),
    measure=st.sampled_from([BOTH, STOP, TOWN, PEOPLE]), limit=st.sampled_from(LIMITS),
)  # fmt: skip
def test_everybody_is_in_one_class_and_far_means_beyond_the_limit(values, measure, limit):
    closeup = small(*map(list, zip(*values, strict=True)))
    classes = closeup.classes(measure, limit)
    assert sum(one.people for one in classes) == closeup.people
    assert sum(one.cells for one in classes) == len(values)
    assert sum(one.share for one in classes) == pytest.approx(1)
    total = closeup.total(BOTH, limit)
    assert total["both"] <= min(total["stop"], total["town"]) + 1e-9
    assert total["both"] == pytest.approx(100 * closeup.far(limit, STOP, TOWN).share)


def test_a_cell_without_a_value_is_told_and_hatched():
    closeup = small([1.0, np.nan], [1.0, 1.0], [10, 30])
    assert closeup.codes(STOP, 10).tolist() == [0, MISSING]
    last = closeup.classes(STOP, 10)[-1]
    assert (last.code, last.people, last.share) == (MISSING, 30, 0.75)
    drawn = picture.pixels(
        closeup, STOP, 10, picture.frame(closeup, picture.no_areas()), dark=False
    )
    greys = drawn[(drawn[..., 3] > 0) & (drawn[..., 0] == drawn[..., 1])]
    assert len(np.unique(greys, axis=0)) == 2


def test_kreise_add_up_to_their_land(surface):
    land = surface.closeup(BAYERN)
    table, total = land.kreise(STOP, 10), land.total(STOP)
    assert len(table) == 96
    assert table["people"].sum() == total["people"] == land.people
    mean = (table["km_mean"] * table["people"]).sum() / table["people"].sum()
    assert total["km_mean"] == pytest.approx(mean)
    assert land.kreise(PEOPLE, 10).loc[WUERZBURG, "cells"] == len(surface.closeup(WUERZBURG).cells)


def test_figures_are_those_of_the_indicator_up_to_the_steps_of_the_file(surface):
    values = pd.read_parquet(data_folder() / "kreise" / "values.parquet")
    exact = values[values["indicator"] == "medium_centre_distance"].set_index("region")["value"]
    own = surface.closeup(BAYERN).kreise(TOWN, 10)["km_mean"]
    assert (own - exact[own.index]).abs().max() < 0.03


def test_who_is_far_from_a_train_is_whom_the_indicator_does_not_count(surface):
    values = pd.read_parquet(data_folder() / "kreise" / "values.parquet")
    near = values[values["indicator"] == "train_stop_5km"].set_index("region")["value"]
    far = surface.closeup(BAYERN).kreise(STOP, 5)["over_5km"]
    assert (far + near[far.index] - 100).abs().max() < 1e-9


def test_a_line_closed_for_repair_does_not_take_the_stations_away(surface):
    """The timetable of February 2026 lacks Nürnberg - Regensburg and Hamburg - Berlin."""
    for kreis in ("09373", "13076", "12070"):
        closeup = surface.closeup(kreis)
        assert closeup.total(STOP)["km_median"] < closeup.total("gtfs_stop")["km_median"]


def test_an_unknown_area_is_an_error_that_names_it(surface):
    with pytest.raises(SourceError, match="'99999'"):
        surface.closeup("99999")
    assert {SEENPLATTE, BAYERN} <= surface.areas()
    assert len(surface.areas()) == 400 + 16


@pytest.mark.parametrize("area", [SEENPLATTE, NORDFRIESLAND, WUERZBURG, BAYERN])
def test_the_picture_holds_every_cell_once_in_its_place(surface, shapes, area):
    closeup = surface.closeup(area)
    shown = picture.frame(closeup, shapes[shapes.index.str.startswith(area)])
    drawn = picture.pixels(closeup, BOTH, 10, shown, dark=False)
    size = drawn.shape[1] // shown.columns
    assert drawn.shape[:2] == (shown.rows * size, shown.columns * size)
    middle = drawn[size // 2 :: size, size // 2 :: size]
    assert (middle[..., 3] > 0).sum() == len(closeup.cells)
    column, row = picture.places(closeup, shown)
    colours = [tuple(bytes.fromhex(one[1:])) for one in measures()[BOTH].light]
    told = [colours.index(tuple(one[:3])) for one in middle[row, column].tolist()]
    assert told == closeup.codes(BOTH, 10).tolist()


def test_the_png_is_what_was_drawn(surface):
    closeup = surface.closeup(WUERZBURG)
    shown = picture.frame(closeup, picture.no_areas())
    read = images.imread(BytesIO(picture.image(closeup, PEOPLE, 10, shown, dark=True)))
    drawn = picture.pixels(closeup, PEOPLE, 10, shown, dark=True)
    assert (np.rint(read * 255).astype(int) == drawn).all()


def test_borders_and_names_lie_where_the_cells_are(surface, shapes):
    closeup = surface.closeup(SEENPLATTE)
    mine = shapes[[SEENPLATTE]]
    shown = picture.frame(closeup, mine)
    ground = picture.outline(mine, shown)[0]
    column, row = picture.places(closeup, shown)
    inside = shapely.contains_xy(ground.buffer(1), column + 0.5, row + 0.5)
    assert inside.mean() > 0.99
    named = {one.name: one for one in picture.labels(closeup, shown)}
    assert named["Neubrandenburg"].is_major
    assert not named["Demmin"].is_major
    assert named["Demmin"].y < named["Neubrandenburg"].y < named["Neustrelitz"].y
    assert "Rostock" not in named
    lines = picture.borders(shapes, shown)
    box = shapely.box(0, 0, shown.columns, shown.rows).buffer(0.01)
    assert box.contains(shapely.union_all(lines))


def test_dots_lie_in_the_cells_that_are_nearest_to_a_station(surface):
    closeup = surface.closeup(SEENPLATTE)
    shown = picture.frame(closeup, picture.no_areas())
    dots = np.floor(picture.dots(closeup, STOP, shown)).astype(int)
    at = dict(zip(zip(*picture.places(closeup, shown), strict=True), closeup.values(STOP),
                  strict=True))  # fmt: skip
    near = [at[place] for place in map(tuple, dots) if place in at]
    assert len(near) > 15
    assert max(near) <= 0.8
    # A Land shows its own places alone, and none of them lies here.
    assert len(picture.dots(surface.closeup(BAYERN), STOP, shown)) == 0


def test_without_boundaries_there_is_a_picture_all_the_same(surface):
    closeup, nothing = surface.closeup(WUERZBURG), picture.no_areas()
    shown = picture.frame(closeup, nothing)
    assert len(picture.outline(nothing, shown)) == len(picture.borders(nothing, shown)) == 0
    assert shown.columns > closeup.window[3]


@pytest.mark.parametrize("measure", [BOTH, STOP, PEOPLE])
def test_a_gis_opens_the_clip_where_it_belongs(surface, tmp_path, measure):
    closeup = surface.closeup(WUERZBURG)
    path = tmp_path / "clip.tif"
    path.write_bytes(picture.clip(closeup, measure, 10))
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == 3035
        assert np.nansum(file.read(1)) == closeup.people
        assert "Zensus 2011" in file.tags()["ATTRIBUTION"]
        known = {BOTH: (PEOPLE, STOP, TOWN, BOTH), STOP: (PEOPLE, STOP), PEOPLE: (PEOPLE,)}
        assert file.descriptions == known[measure]
        found = file.read(file.count)
        row = closeup.cells.iloc[0]
        x, y = rasterio.transform.xy(closeup.surface.transform, row["row"], row["column"])
        expected = closeup.codes(BOTH, 10)[0] if measure == BOTH else row[measure]
        place = tuple(map(int, file.index(x, y)))
        assert found[place] == np.float32(expected)


@pytest.mark.parametrize("name", measures())
@pytest.mark.parametrize("paper", ["light", "dark"])
def test_ramps_are_ordered_and_seen_by_everybody(name, paper):
    """Steps of lightness carry the order, so that no reader depends on telling red from green."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    ground = luminance("#fdfcfa" if paper == "light" else "#15181b")
    shown = [luminance(one) for one in getattr(measures()[name], paper)]
    contrast = [(max(one, ground) + 0.05) / (min(one, ground) + 0.05) for one in shown]
    assert min(contrast) > 1.2
    if name == BOTH:
        # Far from both stands out most, near both least.
        assert np.argmax(contrast) == 3
        assert np.argmin(contrast) == 0
    else:
        assert contrast == sorted(contrast)


def test_the_same_sheet_gives_the_same_bytes(surface, shapes):
    closeup = surface.closeup(WUERZBURG)
    mine = shapes[[WUERZBURG]]
    shown = picture.frame(closeup, mine)
    sheet = CellSheet(
        pixels=picture.pixels(closeup, PEOPLE, 10, shown, dark=False), columns=shown.columns,
        cells_down=shown.rows, ground=picture.outline(mine, shown),
        borders=picture.borders(shapes, shown), dots=picture.dots(closeup, STOP, shown),
        labels=picture.labels(closeup, shown), title="Würzburg", subtitle="$5 % & <b>",
        rows=[SheetRow("#c7e9b4", "bis 20", "86", "0,1 %")], heads=("Menschen", "Anteil"),
        groups=[(3.5, 3.5)], notes=["Ein Satz."], sources=["Quelle"], language="de",
    )  # fmt: skip
    assert render(sheet) == render(sheet)
    assert images.imread(BytesIO(render(sheet))).shape[1] > 1000


def test_nothing_is_drawn_from_the_country_but_figures(surface):
    assert isinstance(surface.country, Closeup)
    assert surface.country.people == pytest.approx(80_212_528, rel=1e-6)
    assert not surface.country.is_kreis
