"""Shapes of input: the four kinds of file, both encodings, doubled line ends, lines of separators,
header lines with fewer fields, empty cells, thousands dots, totals, Berlin in two halves.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import READERS
from layers.sources.bundeswahlleiterin import Election, long, read_election
from layers.sources.formats import Raw

SAMPLES = FORMATS / "bundeswahlleiterin"

KREIS = (
    "© Der Bundeswahlleiter, Wiesbaden 2018;;;;;;\r\r\n"
    "Ergebnisse der Bundestagswahl 2017 nach kreisfreien Städten und Landkreisen;;;;;;\r\r\n"
    "Land;Statistische Kennziffer;Kreisfreie Stadt;Wahlberechtigte;CDU;SPD;CDU\r\r\n"
    ";;;;Erststimmen;Erststimmen;Zweitstimmen\r\r\n"
    "SH;01001;Flensburg, Stadt;100;30;20;28\r\r\n"
    "BE;11100;Berlin-Ost, Stadt;50;10;0;9\r\r\n"
    "BE;11200;Berlin-West, Stadt;60;20;5;21\r\r\n"
    ";;Bundesgebiet;210;60;25;58\r\r\n"
)
KERG = (
    "(c) Die Bundeswahlleiterin, Wiesbaden 2025;\n"
    "Bundestagswahl 2025;\n"
    "Vorläufiges Ergebnis;\n"
    "Nr;Gebiet;gehört zu;Gewählt;Wahlberechtigte;;;;Die Linke;;;;\n"
    ";;;;Erststimmen;;Zweitstimmen;;Erststimmen;;Zweitstimmen;;\n"
    ";;;;Vorläufig;Vorperiode;Vorläufig;Vorperiode;Vorläufig;Vorperiode;Vorläufig;Vorperiode;\n"
    "001;Flensburg – Schleswig;01;–;9;8;9;8;;1;3;2;\n"
    ";\n"
    "99;Bundesgebiet;;;9;8;9;8;;1;3;2;\n"
)


def kreise(text: str = KREIS) -> Election:
    return read_election(Raw("kreis.csv", text.encode("cp1252")))


def test_votes_by_kreis_are_read_and_berlin_is_one() -> None:
    table = long(kreise(), "CDU", vote="Zweitstimmen")
    assert table["region"].tolist() == ["01001", "11000"]
    assert table["value"].tolist() == [28.0, 9.0 + 21.0]
    assert table["year"].tolist() == [2017, 2017]
    assert long(kreise(), "Wahlberechtigte")["value"].tolist() == [100.0, 50.0 + 60.0]


def test_half_of_berlin_is_not_taken_for_the_whole() -> None:
    without_west = KREIS.replace("BE;11200;Berlin-West, Stadt;60;20;5;21\r\r\n", "")
    with pytest.raises(SourceError, match="do not add up to 'Bundesgebiet'"):
        kreise(without_west)
    with pytest.raises(SourceError, match="Berlin is listed as 11100 without its other half"):
        kreise(without_west.replace("210;60;25;58", "150;40;20;37"))


def test_a_file_that_was_cut_off_is_refused() -> None:
    with pytest.raises(SourceError, match="'Bundesgebiet', or the Kreise are missing"):
        kreise(KREIS.partition(";;Bundesgebiet")[0])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("SH;01001;", "SH;1001;", r"line 5: '1001' is no number of a Land"),
        (";30;20;28", ";30;20", r"line 5: has 6 fields, expected are 7"),
        (";30;20;28", ";30;viele;28", r"line 5, column 'SPD Erststimmen': 'viele' is no number"),
        ("SH;01001;Flensburg", "SH;11100;Flensburg", r"occurs a second time"),
        ("Statistische Kennziffer", "Kennziffer", r"none of the first 30 lines begins like"),
        ("Bundestagswahl 2017", "Wahl", r"do not say of which election"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        kreise(KREIS.replace(old, new))


def test_constituencies_are_never_passed_on_as_kreise() -> None:
    election = read_election(Raw("kerg.csv", KERG.encode("utf-8-sig")))
    expected = r"holds constituencies \(Wahlkreise\): .*nach kreisfreien Städten und Landkreisen"
    with pytest.raises(SourceError, match=expected):
        long(election, "Die Linke", vote="Zweitstimmen")
    table = long(election, "Die Linke", vote="Zweitstimmen", level="constituency")
    assert table.to_dict("list") == {
        "region": ["001"], "year": [2025], "value": [3.0], "flag": ["provisional"],
    }  # fmt: skip


def test_a_party_that_did_not_stand_is_a_gap_unless_zero_is_asked_for() -> None:
    election = read_election(Raw("kerg.csv", KERG.encode("utf-8-sig")))
    asked = {"vote": "Erststimmen", "level": "constituency"}
    assert long(election, "Die Linke", **asked).empty
    counted = long(election, "Die Linke", absent_is_zero=True, **asked)
    assert counted["value"].tolist() == [0.0]


def test_an_unknown_party_lists_what_there_is() -> None:
    with pytest.raises(SourceError, match="has no 'Linke Zweitstimmen'; it has 'Wahlberechtigte'"):
        long(kreise(), "Linke", vote="Zweitstimmen")


def test_a_european_election_has_kreise_in_the_same_kind_of_file() -> None:
    text = (
        "Europawahl 2024;\nEndgültiges Ergebnis;\n"
        "Nr;Gebiet;gehört zu;Wahlberechtigte;;SPD;\n"
        ";;;Endgültig;Vorperiode;Endgültig;Vorperiode\n"
        "01001;Flensburg, Stadt;01;9;8;3;2\n"
        "01;Schleswig-Holstein;99;9;8;3;2\n"
        "99;Bundesgebiet;;9;8;3;2\n"
    )
    table = long(read_election(Raw("kerg.csv", text.encode())), "SPD")
    assert table.to_dict("list") == {
        "region": ["01001"], "year": [2024], "value": [3.0], "flag": [""],
    }  # fmt: skip


def test_the_reader_takes_group_and_vote_from_one_code(tmp_path: Path) -> None:
    (tmp_path / "bundeswahlleiterin").mkdir()
    (tmp_path / "bundeswahlleiterin" / "btw17.csv").write_bytes(KREIS.encode("cp1252"))
    read = READERS["bundeswahlleiterin"]
    assert read(tmp_path, "SPD / Erststimmen", "btw17.csv")["value"].tolist() == [20.0, 5.0]
    assert read(tmp_path, "Wahlberechtigte", "btw17.csv")["value"].tolist() == [100.0, 110.0]


@with_samples
def test_both_files_of_2025_say_the_same() -> None:
    wide = read_election(SAMPLES / "btw25_kerg_vorlaeufig.csv")
    tall = read_election(SAMPLES / "btw25_kerg2_vorlaeufig.csv")
    assert (wide.kind, tall.kind) == ("kerg", "kerg2")
    assert wide.provisional
    assert wide.rows.groupby("level")["region"].nunique().to_dict() == {
        "constituency": 299, "country": 1, "land": 16,
    }  # fmt: skip
    for level in ("constituency", "land", "country"):
        asked = {"vote": "Zweitstimmen", "level": level}
        left = long(wide, "Sozialdemokratische Partei Deutschlands", **asked)
        assert left.equals(long(tall, "SPD", **asked))


@with_samples
def test_the_votes_of_2017_by_kreis_are_whole() -> None:
    election = read_election(SAMPLES / "btw2017kreis.csv")
    table = long(election, "CDU", vote="Zweitstimmen")
    # 400 Kreise of today and Eisenach.
    assert len(table) == 401
    assert {"02000", "11000", "16056"} <= set(table["region"])
    whole = long(election, "CDU", vote="Zweitstimmen", level="country")
    assert table["value"].sum() == whole["value"].sum()


@with_samples
@pytest.mark.parametrize(("year", "area"), [(2021, 2124.3), (2025, 2128.1)])
def test_structure_is_about_constituencies_with_and_without_thousands_dots(
    year: int, area: float
) -> None:
    election = read_election(SAMPLES / f"btw{year}_strukturdaten.csv")
    column = f"Fläche am 31.12.{year - 2} (km²)"
    table = long(election, column, level="constituency")
    assert (len(table), table["value"].iloc[0]) == (299, area)
    assert len(long(election, column, level="land")) == 16
    with pytest.raises(SourceError, match="holds constituencies"):
        long(election, column)
