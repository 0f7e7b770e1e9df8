"""`ipot data add`: a preview of what was understood, then a folder that scores like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from layers import Dataset
from layers.extend import own_indicators
from views.cli import cli

TOY = Path(__file__).parents[1] / "toy"
TABLE = "Schlüssel;Wert\nA1;1,5\nB2;2,5\nC3;-\nZ9;4\nA1;1,5\n"
MUST = ("--direction", "-", "--year", 2024)


def ipot(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def assert_refused(result, out, *words):
    """Assert one plain line on standard error, exit code 2, and nothing written."""
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (2, 1), result.output
    assert all(word in lines[0] for word in words), lines
    assert list(out.iterdir()) == []


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def test_a_dry_run_says_what_would_be_taken_and_writes_nothing(table, out):
    result = ipot("data", "add", table, "-d", TOY, "--dry-run", "--language", "en")
    assert result.exit_code == 0, result.stderr
    assert "3 of 4 regions found" in result.stdout
    assert "Region named again: 1 further row (row 6: A1)" in result.stdout
    assert "Without a region in this dataset" in result.stdout
    assert "row 5: Z9" in result.stdout
    assert "Column 2 'Wert': 3 values, 1 without a value (of these 1 × „-“)" in result.stdout
    assert "Decimal sign: ','" in result.stdout
    assert list(out.iterdir()) == []


def test_a_table_becomes_a_folder_that_can_be_scored(table, out):
    result = ipot(
        "data", "add", table, "-d", TOY, "-o", out / "mine", "--column", "Wert", "--key", "1",
        "--layer", "soil", "--name", "Mein Wert", "--unit", "m", "--source", "Amt", *MUST,
    )  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Neuer Bereich" not in result.stdout
    (added,) = own_indicators(Dataset.open(out / "mine"))
    assert (added.name.de, added.unit.de, added.direction) == ("Mein Wert", "m", "-")
    assert ipot("score", "-d", out / "mine", "-o", out / "a.csv", "--draws", 0).exit_code == 0
    assert "Amt" in (out / "a.csv").read_text()
    assert ipot("data", "check", out / "mine").exit_code == 0


def test_a_misspelt_layer_is_seen(table, out):
    result = ipot(
        "data", "add", table, "-d", TOY, "-o", out / "mine", "--layer", "sooil",
        "--language", "en", *MUST,
    )  # fmt: skip
    assert "New layer 'sooil'; those there before were" in result.stdout
    assert "soil" in result.stdout.splitlines()[-2]


def test_a_table_without_numbers_is_not_said_to_have_several_columns_of_them(tmp_path, out):
    (tmp_path / "words.csv").write_text("Schlüssel;Wert\nA1;gut\nB2;schlecht\n")
    result = ipot("data", "add", tmp_path / "words.csv", "-d", TOY, "-o", out / "mine", *MUST)
    assert_refused(result, out, "no column holds numbers")


def test_a_second_one_joins_the_folder(table, out):
    for name, base in (("Eins", TOY), ("Zwei", out / "mine")):
        result = ipot(
            "data", "add", "table", table, "-d", base, "-o", out / "mine", "--name", name, *MUST
        )
        assert result.exit_code == 0, result.stderr
    assert len(own_indicators(Dataset.open(out / "mine"))) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", 2024), "--direction"),
        (("--direction", "+"), "--year"),
        (MUST, "-o (a folder to write)"),
        ((*MUST, "--column", "9"), "is no column"),
        ((*MUST, "--column", "1"), "is no number"),
        ((*MUST, "--key", "none"), "names regions"),
        ((*MUST, "--direction", "up"), "direction"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line(table, out, words, said):
    result = ipot("data", "add", table, "-d", TOY, *words)
    assert_refused(result, out, said)


def test_a_file_that_is_none_is_one_line(tmp_path, out):
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\0")
    add = ("data", "add", tmp_path / "a.csv", "-d", TOY, *MUST, "-o", out / "mine")
    assert_refused(ipot(*add), out, "a.csv", "neither text nor a workbook")
    (tmp_path / "a.csv").unlink()
    assert_refused(ipot(*add), out, "a.csv", "cannot be read")


def test_a_raster_over_a_dataset_without_boundaries_is_one_line(table, out):
    add = ("data", "add", "raster", table, "-d", TOY, "--stat", "mean", *MUST, "-o", out / "mine")
    assert_refused(ipot(*add), out, "no boundaries")


def test_a_raster_becomes_an_indicator(out, request):
    path = request.config.rootpath.parent / "shared/data/formats/geotiff/gsa-ghi-like.tif"
    if not path.is_file():
        pytest.skip("the sample rasters are not here")
    add = ("data", "add", "raster", path, "--language", "en", *MUST, "-o", out / "mine", "--stat")
    assert_refused(ipot(*add, "mode"), out, "--stat 'mode'", "people-share-above")
    result = ipot(*add, "share-above", "--threshold", 1000.5, "--quantile", 0.5, "--name", "Sun")
    assert result.exit_code == 0, result.stderr
    assert "of 400 regions; " in result.stdout
    mine = Dataset.open(out / "mine")
    (added,) = own_indicators(mine)
    rows = mine.values[mine.values["indicator"] == added.id]
    assert set(rows["flag"]) == {"calculated"}
    # With the limit, and without what the statistic does not use, it can be computed again.
    assert added.source_code == "share-above 1000.5"
