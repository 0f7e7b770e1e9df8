"""Shapes of input: zip and text, UTF-8 with and without BOM and ISO-8859-1, Sorbian names, areas in
no Kreis, records of another length, kind or day, keys twice, a Kreis that is missing.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import gv100ad
from layers.sources.formats import Raw
from layers.sources.gv100ad import read_register

SAMPLES = FORMATS / "gv100ad"

NOTE = (
    "Die Bevölkerungsangaben basieren für alle Bundesländer auf dem Stichtag 31.12.2024 (X).\r\n"
    "Die Flächenangaben basieren alle Bundesländer auf dem Stichtag 31.12.2023.\r\n"
)


def kreis(key: str, name: str, mark: str = "44") -> str:
    return f"4020250831{key}".ljust(22) + name.ljust(50) + "Sitz".ljust(50) + mark.ljust(98)


def municipality(key: str, name: str, area: int, people: int, day: str = "20250831") -> str:
    head = f"60{day}{key}0001".ljust(22) + name.ljust(50) + " " * 50 + "63    "
    return (head + f"{area:011d}{people:011d}{people // 2:011d}    02625").ljust(220)


LINES = [
    kreis("14625", "Bautzen"),
    municipality("14625020", "Bautzen / Budyšin, Stadt", 6669, 38_000),
    municipality("14625030", "Bernsdorf", 5812, 6_000),
    municipality("13000999", "Küstengewässer", 100, 0),
]


def text(lines: list[str], encoding: str = "utf-8-sig") -> Raw:
    return Raw("GV100AD.txt", ("\r\n".join(lines) + "\r\n").encode(encoding))


def packed(lines: list[str], folder: Path, note: str = NOTE) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("GV100AD_31082025.txt", text(lines).content)
        archive.writestr("Hinweise.txt", note.encode("cp1252"))
    target = folder / "gv100ad" / "GV100AD3108.zip"
    target.parent.mkdir()
    target.write_bytes(stream.getvalue())


def test_names_beyond_latin_do_not_shift_the_numbers() -> None:
    register = read_register(text(LINES))
    assert register.date == "2025-08-31"
    assert register.kreise.loc["14625"].to_dict() == {
        "name": "Bautzen", "seat": "Sitz", "kind": "Landkreis",
    }  # fmt: skip
    town = register.municipalities.loc["14625020"]
    assert (town["name"], town["ars"]) == ("Bautzen / Budyšin, Stadt", "146250001020")
    assert (town["area"], town["population"], town["male"]) == (6669.0, 38_000.0, 19_000.0)
    assert town["postcode"] == "02625"


def test_waters_in_no_kreis_are_left_out() -> None:
    assert list(read_register(text(LINES)).municipalities.index) == ["14625020", "14625030"]


def test_the_older_encoding_is_read_as_well() -> None:
    lines = [kreis("01003", "Lübeck", "41"), municipality("01003000", "Lübeck", 21_419, 216_889)]
    assert read_register(text(lines, "iso-8859-1")).kreise.loc["01003", "name"] == "Lübeck"


def test_sums_carry_the_year_of_counting_and_not_that_of_the_borders(tmp_path: Path) -> None:
    packed(LINES, tmp_path)
    people = gv100ad.read(tmp_path, "population", "GV100AD3108.zip")
    assert people.to_dict("list") == {
        "region": ["14625"], "year": [2024], "value": [44_000.0], "flag": [""],
    }  # fmt: skip
    assert gv100ad.read(tmp_path, "area", "GV100AD3108.zip")["year"].tolist() == [2023]
    with pytest.raises(SourceError, match="possible are area, population, male"):
        gv100ad.read(tmp_path, "women", "GV100AD3108.zip")


def test_without_the_note_no_year_is_made_up(tmp_path: Path) -> None:
    packed(LINES, tmp_path, note="")
    with pytest.raises(SourceError, match=r"the note on the day of counting \(Hinweise.txt\)"):
        gv100ad.read(tmp_path, "population", "GV100AD3108.zip")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([LINES[0], LINES[1][:-1]], r"line 2: has 219 characters"),
        ([LINES[0], "70" + LINES[1][2:]], r"line 2: has 220 characters and begins '7020"),
        ([LINES[1]], r"lies in Kreis 14625, which the file lacks"),
        ([LINES[0], LINES[1], LINES[1]], r"line 3: '14625020' occurs a second time"),
        ([LINES[0], LINES[0]], r"line 2: '14625' occurs a second time"),
        ([kreis("14625", "Bautzen", "49")], r"line 1: '49' is no known kind of Kreis"),
        ([kreis("1462x", "Bautzen")], r"line 1: '1462x' is no key"),
        ([*LINES, municipality("14625040", "X", 1, 1, "20250930")], "several or unknown days"),
        ([LINES[0], LINES[1][:139] + "x" + LINES[1][140:]], "line 2: 'x.*' is no population"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(lines: list[str], fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        read_register(text(lines))


@with_samples
@pytest.mark.parametrize(
    ("file", "date", "kreise"),
    [
        ("GV100AD_300918_cut.ASC", "2018-09-30", 401),
        ("GV100AD_301121_cut.ASC", "2021-11-30", 400),
        ("GV100AD_31082025_cut.txt", "2025-08-31", 400),
    ],
)
def test_both_generations_are_read(file: str, date: str, kreise: int) -> None:
    register = read_register(SAMPLES / file)
    assert (register.date, len(register.kreise)) == (date, kreise)
    assert register.municipalities.loc["01001000", "name"] == "Flensburg, Stadt"


@with_samples
def test_the_whole_directory_adds_up_to_the_population_of_germany() -> None:
    register = read_register(SAMPLES / "GV100AD3108.zip")
    assert register.counted == {"population": "2024-12-31", "area": "2023-12-31"}
    # The same total stands in table 12411-01-01-4 of Regionalstatistik.
    assert register.municipalities["population"].sum() == 83_577_140
    assert "Cottbus/Chóśebuz, Stadt" in set(register.municipalities["name"])
