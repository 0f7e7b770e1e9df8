"""Lists of places as offices keep them: usual ways of writing, and every fault with its line."""

import io

import pandas as pd
import pytest

from geo.access.own import far_from_people, notes, read_own
from layers.errors import SourceError

BERLIN = (4_552_000, 3_273_000)


def read(text, **options):
    return read_own(text.encode(), "list.csv", **options)


@pytest.mark.parametrize(
    "text",
    [
        "name,lon,lat\nBerlin,13.4,52.515\n",
        "Name;Länge;Breite\nBerlin;13,4;52,515\n",
        "latitude\tlongitude\n52.515\t13.4\n",
    ],
)
def test_usual_lists_are_read(text):
    found = read(text)
    assert found.crs == "EPSG:4326"
    assert found.points.index.tolist() == [2]
    assert found.points.iloc[0].tolist() == pytest.approx(BERLIN, abs=1_000)


def test_a_workbook_is_read():
    out = io.BytesIO()
    pd.DataFrame({"Ort": ["Berlin"], "lon": [13.4], "lat": [52.515]}).to_excel(out, index=False)
    found = read_own(out.getvalue(), "list.xlsx")
    assert found.points.iloc[0].tolist() == pytest.approx(BERLIN, abs=1_000)


def test_metres_need_and_follow_their_reference_system():
    text = "x,y\n391700,5819300\n"
    with pytest.raises(SourceError, match="'x' and 'y' need their coordinate reference system"):
        read(text)
    found = read(text, crs="EPSG:25833")
    assert found.points.iloc[0].tolist() == pytest.approx(BERLIN, abs=1_000)


def test_columns_can_be_named():
    text = "a,b\n391700,5819300\n"
    found = read(text, crs="EPSG:25833", columns=("A", "b"))
    assert found.points.iloc[0].tolist() == pytest.approx(BERLIN, abs=1_000)
    with pytest.raises(SourceError, match="no column 'c'; the first row holds: a, b"):
        read(text, crs="EPSG:25833", columns=("a", "c"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no cells"),
        ("lon,lat\n", "a heading and no places"),
        ("name,ort\na,b\n", "no pair of columns lon and lat, or x and y; .* name, ort"),
        ("lon,lat\n13.4,52.5\nhere,52.5\n", "column 'lon', line 3: 'here' is not a number"),
        ("lon,lat\n13.4,52.5\n13.4,\n", "line 3 has no coordinate"),
        ("lon,lat\n52.5,13.4\n", "line 2 .* seem to be swapped"),
        ("lon,lat\n2.35,48.86\n", "line 2 lies at longitude 2.35, latitude 48.86, outside"),
    ],
)
def test_a_fault_is_told_with_its_line(text, said):
    with pytest.raises(SourceError, match=said):
        read(text)


@pytest.mark.parametrize("crs", ["EPSG:1", "metres"])
def test_an_unknown_reference_system_is_told(crs):
    with pytest.raises(SourceError, match=f"'{crs}' is unknown"):
        read("x,y\n1,2\n", crs=crs)


def test_points_in_the_sea_are_refused_with_their_line(cells):
    points = read("lon,lat\n13.4,52.5\n6.9,54.6\n").points
    with pytest.raises(SourceError, match=r"list: line 3 lies \d+ km from .* in the sea or abroad"):
        far_from_people(points, cells, "list")


def test_a_place_just_across_the_border_counts_and_is_told(cells):
    """Basel and Berlin."""
    assert far_from_people(read("lon,lat\n7.59,47.54\n13.4,52.5\n").points, cells, "list") == 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_table_says_how_it_was_made(language, grid):
    told = notes(
        language, name="list.csv", places=read("lon,lat\n13.4,52.5\n"), detour=1.3,
        within=(5, 10), grid=grid,
    )  # fmt: skip
    text = "\n".join(told)
    assert {"de": "(1 Ort, ", "en": "(1 place, "}[language] in text
    for word in ("list.csv", "EPSG:4326", "1.3", "5, 10", "2011", "dl-de/by-2-0"):
        assert word in text
