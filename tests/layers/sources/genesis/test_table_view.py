"""Shapes of input: time in the rows or in the header, one to four header lines, units, all levels
or Kreise only, Hamburg and Berlin among the Länder, marks, foot with notes, file cut off.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import READERS
from layers.sources.formats import Raw
from layers.sources.genesis.table_view import TableView, long, read_table_view

SAMPLES = FORMATS / "genesis" / "web_export_csv"

TITLE = [
    "GENESIS-Tabelle: 13211-01-03-4",
    "Arbeitslose - Jahresdurchschnitt;;;;",
    "Arbeitsmarktstatistik;;;;",
]
HEADER = [";;;Arbeitslose;Arbeitslose", ";;;;Ausländer", ";;;Anzahl;Anzahl"]
DATA = [
    "2022;DG;Deutschland;60;12",
    "2022;02;  Hamburg;30;-",
    "2022;01001;      Flensburg, kreisfreie Stadt;20;.",
    "2022;01002;      Kiel, kreisfreie Stadt;10;3",
    "2022;16056;      Eisenach, kreisfreie Stadt;-;-",
]
FOOT = [
    "__________",
    '"zu ""gesamte Tabelle"":',
    'Quelle: BA"',
    '"© Statistische Ämter des Bundes und der Länder, Deutschland, 2024.',
    '- Namensnennung - Version 2.0."',
    "Stand: 02.01.2024 / 21:15:26",
]
ALL, FOREIGN = "Arbeitslose / Anzahl", "Arbeitslose / Ausländer / Anzahl"


def view(*data: str, title: list[str] = TITLE, foot: list[str] = FOOT) -> TableView:
    text = "\n".join([*title, *HEADER, *(data or DATA), *foot])
    return read_table_view(Raw("table.csv", text.encode("cp1252")))


def test_kreise_are_read_and_hamburg_is_one() -> None:
    table, notes = long(view(), ALL)
    assert table.to_dict("list") == {
        "region": ["01001", "01002", "02000"], "year": [2022] * 3, "value": [20.0, 10.0, 30.0],
        "flag": [""] * 3,
    }  # fmt: skip
    assert notes == ("'-' (exactly zero or nothing there): 1 gaps.",)


def test_hamburg_is_not_doubled_where_it_is_listed_as_a_kreis() -> None:
    table, _ = long(view(*DATA, "2022;02000;      Hamburg;30;-"), ALL)
    assert table["region"].tolist() == ["01001", "01002", "02000"]


def test_marks_mean_the_same_as_in_flat_files() -> None:
    table, _ = long(view(), FOREIGN)
    assert table["region"].tolist() == ["01001", "01002", "02000"]
    assert np.isnan(table["value"].iloc[0])
    assert table["flag"].tolist() == ["withheld", "", ""]
    assert table["value"].iloc[2] == 0.0  # Hamburg has numbers, so its dash is a zero


def test_licence_and_day_of_saving_come_from_the_foot() -> None:
    table = view()
    assert (table.table, table.retrieved) == ("13211-01-03-4", "02.01.2024")
    assert table.licence.startswith("© Statistische Ämter des Bundes und der Länder")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (["2022;01001;Flensburg;20"], r"line 7: has 4 fields, expected are 5|no header line"),
        ([DATA[0], "2022;1001;Flensburg;20;1"], r"line 8: '1001' is no key"),
        ([DATA[0], "2022;01001;Flensburg;viele;1"], r"line 8, column 'Arbeitslose / Anzahl': 'v"),
        (["Flensburg;20;1"], "no line begins with a key"),
        (["2022;01001;Flensburg"], "line 7: only 3 columns, so none with numbers"),
        (["2022;01001"], "line 7: only 2 columns, so none with numbers"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(data: list[str], fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        view(*data)


def test_other_files_and_files_cut_off_are_refused() -> None:
    with pytest.raises(SourceError, match="line 1: expected is 'GENESIS-Tabelle: <number>'"):
        view(title=["statistics_code;statistics_label", *TITLE[1:]])
    with pytest.raises(SourceError, match=r"the foot of notes .* is missing: the file was cut off"):
        view(foot=[])


def test_wrong_columns_and_second_values_are_named() -> None:
    with pytest.raises(SourceError, match="has no column 'Arbeitslose'; it has 'Arbeitslose / An"):
        long(view(), "Arbeitslose")
    with pytest.raises(SourceError, match=r"line 12.*region 01002 has a second value in 2022"):
        long(view(*DATA, DATA[3]), ALL)
    with pytest.raises(SourceError, match="no number for any region of level 'district'"):
        long(view(), ALL, "district")


def test_the_reader_refuses_the_file_of_another_table(tmp_path: Path) -> None:
    (tmp_path / "genesis").mkdir()
    text = "\n".join([*TITLE, *HEADER, *DATA, *FOOT])
    for name in ("13211-01-03-4", "12411-01-01-4"):
        (tmp_path / "genesis" / f"{name}.csv").write_bytes(text.encode("cp1252"))
    assert len(READERS["genesis_view"](tmp_path, ALL, "13211-01-03-4")) == 3
    with pytest.raises(SourceError, match="is table 13211-01-03-4, expected is 12411-01-01-4"):
        READERS["genesis_view"](tmp_path, ALL, "12411-01-01-4")


@with_samples
@pytest.mark.parametrize(
    ("file", "column", "kreise", "year"),
    [
        ("11111-0002_landkreis.csv", "Gebietsfläche (qkm)", 401, 2020),
        ("22411-01-01-4-B_pflege_destatis.csv",
         "Typ der Pflegeeinrichtung / ambulant / Pflegedienste / Anzahl", 401, 2017),
        ("13312-01-05-4_cty_employment_cut.csv",
         "Erwerbstätige im Jahresdurchschnitt / Insgesamt / 1000", 401, 2021),
    ],
)  # fmt: skip
def test_true_tables_are_read(file: str, column: str, kreise: int, year: int) -> None:
    table, _ = long(read_table_view(SAMPLES / file), column)
    assert table.loc[table["year"] == year, "region"].nunique() == kreise


@with_samples
def test_a_long_true_table_has_all_kreise_of_today_and_adds_up() -> None:
    table = read_table_view(SAMPLES / "13211-01-03-4_cty_unemployment.csv")
    kreise, _ = long(table, "Arbeitslose insgesamt / Anzahl")
    newest = kreise[kreise["year"] == 2022]
    assert len(newest) == 400
    whole, _ = long(table, "Arbeitslose insgesamt / Anzahl", "country")
    # Means of the year are rounded one by one.
    total = whole.loc[whole["year"] == 2022, "value"].iloc[0]
    assert newest["value"].sum() == pytest.approx(total, abs=400 / 2)
