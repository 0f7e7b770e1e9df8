"""Shapes of input: no file, no sheet, no column, words among numbers, divided municipalities."""

from __future__ import annotations

import openpyxl
import pytest

from layers.errors import SourceError
from layers.sources import gemeinden

HEAD = [
    "Gemeinden\n 31.12.2022", "Gemeinden Regionalschlüssel\n 31.12.2022", "Gemeindename 2022",
    "flächen-\nproportionaler", "Fläche am 31.12.2022 in km²", "Bevölkerung am 31.12.2022",
]  # fmt: skip
WHOLE = [1001000.0, 10010000000.0, "Flensburg, Stadt", 1.0, 56.73, 92550.0]
PARTS = [[9374451.0, 93749451451.0, "Forst", share, 5.88, 0.0] for share in (0.6, 0.4)]


def register(raw, rows, sheet="2022"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    path = raw / gemeinden.REGISTER
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return raw


def census(raw, text):
    path = raw / gemeinden.CENSUS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return raw


def test_keys_get_their_zero_back_and_a_divided_municipality_counts_once(tmp_path):
    table = gemeinden.register(register(tmp_path, [HEAD, *PARTS, WHOLE]))
    assert table["region"].tolist() == ["01001000", "09374451"]
    assert table["ars"].tolist() == ["010010000000", "093749451451"]
    assert table["population"].tolist() == [92_550, 0]


def test_sizes_are_those_of_inhabited_places(tmp_path):
    raw = register(tmp_path, [HEAD, *PARTS, WHOLE])
    table = gemeinden.read(raw, "area_km2")
    assert table.to_numpy().tolist() == [["01001000", 2022, 56.73, ""]]


def test_what_is_not_published_is_absent(tmp_path):
    text = "ags,vacancy_rate_census22\n01001000,2.9\n01051001,\n"
    table = gemeinden.read(census(tmp_path, text), "vacancy_rate")
    assert table.to_numpy().tolist() == [["01001000", 2022, 2.9, ""]]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("share_single_family", "cannot be read; possible are share_under18"),
        ("share_foreign", "column 'share_foreign_census22' is missing"),
        ("vacancy_rate", "column 'vacancy_rate_census22', line 2: 'many' is not a number"),
    ],
)
def test_faults_of_the_census_are_told(tmp_path, code, told):
    raw = census(tmp_path, "ags,vacancy_rate_census22\n01001000,many\n")
    with pytest.raises(SourceError, match=told):
        gemeinden.read(raw, code)


@pytest.mark.parametrize(
    ("rows", "sheet", "told"),
    [
        ([HEAD, WHOLE], "2021", "has no sheet '2022'; its sheets are 2021"),
        ([HEAD], "2022", "sheet '2022' is empty"),
        ([HEAD[1:], WHOLE[1:]], "2022", "has no column 'Gemeinden 31.12.2022'"),
        ([HEAD, [*WHOLE[:5], "viele"]], "2022", r"row 2: 'viele' is no number \(population\)"),
    ],
)
def test_faults_of_the_register_are_told(tmp_path, rows, sheet, told):
    with pytest.raises(SourceError, match=told):
        gemeinden.register(register(tmp_path, rows, sheet))


def test_a_missing_or_broken_workbook_is_told(tmp_path):
    with pytest.raises(SourceError, match="is missing"):
        gemeinden.register(tmp_path)
    path = tmp_path / gemeinden.REGISTER
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no workbook")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        gemeinden.register(tmp_path)
