"""Access to one's own places at a terminal: table, raster, and faults in one line."""

import pandas as pd
import pytest
import rasterio
from typer.testing import CliRunner

from views.cli import cli


def ipot(*given):
    return CliRunner().invoke(cli, [str(one) for one in given])


@pytest.fixture
def places(tmp_path):
    """Berlin, Munich and Cologne as German Excel writes them."""
    path = tmp_path / "orte.csv"
    path.write_text("Ort;lon;lat\nB;13,4;52,52\nM;11,57;48,14\nK;6,95;50,94\n", encoding="utf-8")
    return path


def test_table_and_raster_are_written(places, tmp_path):
    table, raster = tmp_path / "a.csv", tmp_path / "a.tif"
    result = ipot("access", places, "-o", table, "--raster", raster, "--within", "10,50")
    assert (result.exit_code, result.output) == (0, "")
    assert table.read_text(encoding="utf-8-sig").startswith("# Luftlinie vom Wohnort zum nächsten")
    rows = pd.read_csv(table, comment="#", dtype={"region": str}).set_index("region")
    assert len(rows) == 400
    assert list(rows) == [
        "name", "people", "km_mean", "km_median", "share_within_10km", "share_within_50km",
    ]  # fmt: skip
    assert rows.loc["05315", "name"] == "Köln"
    assert rows["km_mean"].nsmallest(3).index.tolist() == ["09162", "05315", "11000"]
    with rasterio.open(raster) as file:
        assert (file.crs.to_epsg(), file.descriptions, file.units) == (3035, ("km",), ("km",))
        assert file.read(1, masked=True).min() < 1


def test_the_detour_factor_stretches_all_distances(places, tmp_path):
    means = []
    for factor in (1, 1.3):
        table = tmp_path / "a.csv"
        given = ("--detour", factor, "--language", "en")
        assert ipot("access", places, "-o", table, *given).exit_code == 0
        means.append(pd.read_csv(table, comment="#")["km_mean"])
    assert "# Detour factor: 1.3" in table.read_text(encoding="utf-8-sig")
    assert (means[1] / means[0]).to_numpy() == pytest.approx(1.3, rel=1e-3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--detour", "0.5"], "from 1 to 5"),
        (["--within", "near"], "--within 'near': numbers of km"),
        (["--x", "lon"], "name both columns or neither"),
        (["--raster", "a.png"], "written as .tif"),
        (["--x", "lon", "--y", "höhe"], "no column 'höhe'"),
        (["--crs", "EPSG:1"], "'EPSG:1' is unknown"),
    ],
)
def test_a_senseless_option_is_one_line_and_writes_nothing(places, tmp_path, given, said):
    table = tmp_path / "a.csv"
    result = ipot("access", places, "-o", table, *given)
    assert result.exit_code == 2
    assert said in result.output
    assert result.output.count("\n") == 1
    assert not table.exists()


def test_places_that_cannot_be_are_told(places, tmp_path):
    places.write_text("lon,lat\n13.4,52.5\n6.9,54.6\n", encoding="utf-8")
    result = ipot("access", places, "-o", tmp_path / "a.csv")
    assert "orte.csv: line 3 lies" in result.output
    result = ipot("access", tmp_path / "none.csv", "-o", tmp_path / "a.csv")
    assert "none.csv: cannot be read" in result.output


def test_a_place_across_the_border_is_told_and_counts(places, tmp_path):
    places.write_text("lon,lat\n7.59,47.54\n", encoding="utf-8")
    result = ipot("access", places, "-o", tmp_path / "a.csv")
    assert result.exit_code == 0
    assert "1 place lies in no populated cell" in result.output


def test_a_grid_is_not_built_from_nothing(tmp_path):
    folder = tmp_path / "grid"
    result = ipot("data", "build", "--from", tmp_path, "-o", tmp_path / "a", "--grid", folder)
    assert result.exit_code == 2
    assert "this file of the raw data is missing" in result.output
    assert not folder.exists()
