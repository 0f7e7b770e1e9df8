"""What must be true of report files: whole or untouched, readable, explained, repeatable."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from geo import publish_study
from layers import Recipe, score
from layers.certainty.choices import standard_choices
from layers.errors import ExportError
from layers.study import reports

DROP = Recipe.parse({"normalise": {"constant": "drop"}})


@pytest.fixture(scope="module")
def report(toy):
    return reports.report_multiverse(score(toy, DROP), standard_choices(toy, DROP))


def assert_same(found, expected):
    expected = expected.astype(found.dtypes.to_dict())
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.pinned
def test_csv_holds_the_first_table_under_its_provenance(report, tmp_path):
    left_out = publish_study.write_report(report, tmp_path / "a.csv", language="en")
    assert left_out == ["influence", "variants", "ranks"]
    assert_same(pd.read_csv(tmp_path / "a.csv", comment="#"), report.tables["bands"])
    text = (tmp_path / "a.csv").read_text()
    assert text.startswith(f"# {report.words[0].en}\n")
    assert "# Analysis: multiverse, settings {" in text
    assert "# Dataset: " in text


def test_json_holds_everything(report, tmp_path):
    assert publish_study.write_report(report, tmp_path / "a.json", language="en") == []
    content = json.loads((tmp_path / "a.json").read_text())
    assert set(content["tables"]) == set(report.tables)
    assert content["tables"]["bands"][0]["region"] == report.tables["bands"]["region"][0]
    assert content["settings"] == json.loads(json.dumps(report.settings))
    assert content["provenance"][0]["recipe"] == report.about[0].recipe.to_toml()
    assert {"table", "column", "meaning"} == set(content["columns"][0])


def test_a_workbook_holds_every_table_the_code_book_and_the_provenance(report, tmp_path):
    assert publish_study.write_report(report, tmp_path / "a.xlsx", language="en") == []
    sheets = pd.read_excel(tmp_path / "a.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == [*report.tables, "code book", "about"]
    assert_same(sheets["influence"], report.tables["influence"])


@pytest.mark.pinned
def test_a_folder_holds_every_table_with_all_digits_and_the_recipe(report, tmp_path):
    publish_study.write_report(report, tmp_path / "all")
    files = {path.name for path in (tmp_path / "all").iterdir()}
    more = {"code_book.csv", "recipe.toml", "provenance.txt"}
    assert files == {f"{name}.csv" for name in report.tables} | more
    assert Recipe.load(tmp_path / "all" / "recipe.toml") == report.about[0].recipe
    assert_same(pd.read_csv(tmp_path / "all" / "influence.csv"), report.tables["influence"])


def test_two_runs_come_with_both_recipes(toy, tmp_path):
    other = score(toy, Recipe(name="other", normalise={"method": "rank"}))
    publish_study.write_report(reports.report_comparison(score(toy, DROP), other), tmp_path / "b")
    assert Recipe.load(tmp_path / "b" / "recipe_2.toml").normalise.method == "rank"


@pytest.mark.parametrize("suffix", [".csv", ".json", ".xlsx"])
def test_the_same_report_gives_the_same_bytes(report, tmp_path, suffix):
    for name in ("a", "b"):
        publish_study.write_report(report, tmp_path / f"{name}{suffix}")
    first, second = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("a", "b"))
    assert first == second


def test_german_excel_keeps_keys_and_commas(report, tmp_path):
    publish_study.write_report(report, tmp_path / "a.csv", excel_de=True)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("region;name;rank;")
    assert ";0,75" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.pdf", r"unknown format '\.pdf'; allowed: \.csv, \.xlsx, \.json or no suffix"),
        ("none/a.csv", "no such folder"),
        ("none/all", "no such folder"),
        ("folder.csv", "is a folder"),
        ("file", "is a file"),
    ],
)
def test_bad_targets_are_refused_and_nothing_is_written(report, tmp_path, name, words):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportError, match=words):
        publish_study.write_report(report, tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.pinned
def test_a_table_can_be_written_alone(tmp_path):
    table = pd.DataFrame({"draw": [1, 2], "land": [0.1 + 0.2, 0.7]})
    for suffix, read in ((".csv", lambda path: pd.read_csv(path, comment="#")),
                         (".parquet", pd.read_parquet)):  # fmt: skip
        publish_study.write_table(table, ["made by hand"], tmp_path / f"a{suffix}")
        pd.testing.assert_frame_equal(read(tmp_path / f"a{suffix}"), table, check_exact=True)
    with pytest.raises(ExportError, match=r"allowed: \.csv, \.parquet"):
        publish_study.write_table(table, [], tmp_path / "a.xlsx")


def test_bytes_are_those_of_the_file(report, tmp_path):
    target = tmp_path / "one.csv"
    publish_study.write_report(report, target, language="en")
    assert publish_study.to_bytes(report, ".csv", language="en") == target.read_bytes()
    with pytest.raises(ExportError, match=r"unknown format '\.pdf'"):
        publish_study.to_bytes(report, ".pdf")
