"""Shapes of input: a GeoPackage with its labels, workbooks with a code book, keys with and without
zeros, Kreise that share a Kreisregion; swapped and missing labels, swapped types, keys that match
nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from layers.errors import SourceError
from layers.sources import landatlas

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LABELS = """\
Thünen-Typen ländlicher Räume

Thünen-Typ 1: sehr ländlich/weniger gute sozioökonomische Lage
Thünen-Typ 2: sehr ländlich/gute sozioökonomische Lage
Thünen-Typ 3: eher ländlich/gute sozioökonomische Lage
Thünen-Typ 4: eher ländlich/weniger gute sozioökonomische Lage
Thünen-Typ 5: nicht ländlich"""
SWAPPED = LABELS.replace("Typ 3:", "Typ X:").replace("Typ 4:", "Typ 3:").replace("Typ X:", "Typ 4:")
# Flensburg shares a Kreisregion with the Kreis around it.
EXPANSION = "ags,thuenen_kreisregion\n01001,01059000\n01002,01002000\n01059,01059000\n"
ROWS = (("01002000", 5, -1.53), ("01059000", 1, 0.58))


def put(raw: Path, rows=ROWS, labels: str = LABELS, column: str = "Typologie") -> None:
    (raw / landatlas.FOLDER).mkdir(parents=True, exist_ok=True)
    (raw / landatlas.EXPANSION).write_text(EXPANSION, encoding="utf-8")
    (raw / landatlas.LABELS).write_text(labels, encoding="utf-8")
    with closing(sqlite3.connect(raw / landatlas.GEOPACKAGE)) as database:
        names = f'Kennziffer TEXT, "{column}" MEDIUMINT, "Ländlichkeit" REAL'
        database.execute(f"CREATE TABLE ThuenenLandatlas ({names})")
        database.executemany("INSERT INTO ThuenenLandatlas VALUES (?, ?, ?)", rows)
        database.commit()


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


def test_a_kreis_has_the_type_of_its_kreisregion(tmp_path: Path) -> None:
    put(tmp_path)
    assert rows(landatlas.read(tmp_path, "thuenen_type")) == [
        ("01001", 2016, 1.0, ""),
        ("01002", 2016, 5.0, ""),
        ("01059", 2016, 1.0, ""),
    ]
    assert landatlas.read(tmp_path, "rurality")["value"].tolist() == [0.58, -1.53, 0.58]


def test_it_is_told_which_kreise_share_a_value(tmp_path: Path) -> None:
    put(tmp_path)
    found = landatlas.read_geopackage(tmp_path / landatlas.GEOPACKAGE, tmp_path / landatlas.LABELS)
    members = landatlas.expansion(tmp_path / landatlas.EXPANSION)
    table = landatlas.expand(found, "rurality", members, 2016)
    shared = table.groupby("kreisregion")["region"].agg(list).to_dict()
    assert shared == {"01002": ["01002"], "01059": ["01001", "01059"]}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (SWAPPED, r"type 3 is labelled 'eher ländlich/weniger gute .* Types 3 and 4 are swapped"),
        (LABELS.replace("sehr ländlich/gute", "sehr schön"), r"type 2 is labelled ''; for Thünen"),
    ],
)
def test_other_labels_are_refused(labels: str, message: str, tmp_path: Path) -> None:
    put(tmp_path, labels=labels)
    with pytest.raises(SourceError, match=message):
        landatlas.read(tmp_path, "thuenen_type")


def test_types_without_labels_are_refused(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / landatlas.LABELS).unlink()
    with pytest.raises(SourceError, match=r"labels of the types are missing. They tell whether 3"):
        landatlas.read(tmp_path, "thuenen_type")


def test_swapped_types_under_right_labels_are_noticed_by_their_number(tmp_path: Path) -> None:
    swapped = {1: 98, 2: 53, 3: 57, 4: 59, 5: 94}
    kinds = [kind for kind, count in swapped.items() for _ in range(count)]
    keys = [f"{1 + at // 100:02}{at % 100:03}000" for at in range(len(kinds))]
    put(tmp_path, [(key, kind, 0.0) for key, kind in zip(keys, kinds, strict=True)])
    with pytest.raises(SourceError, match=r"types 1 to 5 occur .*; in the typology of 2016 it is"):
        landatlas.read(tmp_path, "thuenen_type")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            [*ROWS, ("01003000", 5, 0.0)],
            r"1 Kreisregionen do not match, first '01003', which only t",
        ),
        (ROWS[:1], r"first '01059', which only the expansion table has"),
        ([*ROWS, ROWS[0]], r"column 'Kennziffer': a key occurs more than once"),
        ([("DE", 5, 0.0)], r"column 'Kennziffer': 'DE' is no key: expected are the 5 digits"),
        ([("01002000", 6, 0.0)], r"column 'Typologie': 6 is no Thünen type; expected is 1 to 5"),
    ],
)
def test_a_key_or_type_that_is_unexpected_is_named(changed, message: str, tmp_path: Path) -> None:
    put(tmp_path, changed)
    with pytest.raises(SourceError, match=message):
        landatlas.read(tmp_path, "thuenen_type")


def test_another_geopackage_is_refused(tmp_path: Path) -> None:
    put(tmp_path, column="Typ")
    with pytest.raises(SourceError, match=r"no GeoPackage with a layer 'ThuenenLandatlas' and"):
        landatlas.read(tmp_path, "thuenen_type")
    (tmp_path / landatlas.GEOPACKAGE).write_text("x" * 2000, encoding="utf-8")
    with pytest.raises(SourceError, match=r"file is not a database"):
        landatlas.read(tmp_path, "thuenen_type")


HEAD = [None, "Kennziffer", "name", "t_typ", "Minuten"]
DATA = (
    [1, 1002000, "Kiel, Stadt", "5 nicht ländlich", 7.5],
    [2, 1059000, "Schleswig-Flensburg/Flensburg", "1 sehr ländlich/weniger gute Lage", 12],
)


def workbook(raw: Path, data=DATA, labels: str = LABELS, head=HEAD) -> None:
    (raw / "landatlas").mkdir()
    put(raw)
    made = Workbook()
    page = made.active
    for row in [head, *data]:
        page.append(list(row))
    code_book = made.create_sheet("Codebuch")
    for line in labels.splitlines():
        code_book.append([line])
    made.save(raw / "landatlas" / "Polizei_Kreise_2016.xlsx")


def test_a_workbook_is_read_by_the_heading_of_its_value(tmp_path: Path) -> None:
    workbook(tmp_path)
    table = landatlas.read(tmp_path, "Minuten", "Polizei_Kreise_2016.xlsx")
    assert rows(table) == [
        ("01001", 2016, 12.0, ""),
        ("01002", 2016, 7.5, ""),
        ("01059", 2016, 12.0, ""),
    ]
    with pytest.raises(SourceError, match=r"there is no 'km'; there is thuenen_type, Minuten"):
        landatlas.read(tmp_path, "km", "Polizei_Kreise_2016.xlsx")
    with pytest.raises(SourceError, match=r"'Polizei.xlsx': the year is missing"):
        landatlas.read(tmp_path, "km", "Polizei.xlsx")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": SWAPPED}, r"code book: type 3 is labelled .* Types 3 and 4 are swapped"),
        ({"head": [None, "Key", "name", "t_typ", "x"]}, r"line 1: is .*expected is index, Kennzi"),
        (
            {"data": [[1, 1002000, "Kiel", "3 eher ländlich/weniger gute Lage", 1]]},
            r"line 2: type 3 is labelled 'eher ländlich/weniger gute Lage'; .* are swapped",
        ),
        (
            {"data": [[1, 1002000, "Kiel", "unbekannt", 1]]},
            r"line 2, column 't_typ': 'unbekannt' is no Thünen type",
        ),
        (
            {"data": [[1, 1002000, "Kiel", "5 nicht ländlich", "viele"]]},
            r"line 2, column 'Minuten': 'viele' is no number",
        ),
    ],
)
def test_a_workbook_that_is_unexpected_is_refused(changes, message: str, tmp_path: Path) -> None:
    workbook(tmp_path, **changes)
    with pytest.raises(SourceError, match=message):
        landatlas.read(tmp_path, "Minuten", "Polizei_Kreise_2016.xlsx")
