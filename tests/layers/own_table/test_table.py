"""A whole table: where its header ends, which column names the regions, what its columns hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import Dataset
from layers.errors import SourceError
from layers.own_table import read_table
from layers.paths import data_folder

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"


@pytest.fixture(scope="module")
def regions():
    return Dataset.open(data_folder() / "kreise").regions


def read(text, regions, **how):
    return read_table(text.encode(), "a.csv", regions, **how)


def test_titles_units_and_column_numbers_above_the_rows_become_titles(regions):
    table = read(
        "Statistik\n;\nAGS;2023;;2024;\n;Wert;Anteil;Wert;Anteil\n1;2;3;4;5\n01001;1;2;3;4\n",
        regions,
    )
    assert table.titles == ("AGS", "2023 · Wert", "2023 · Anteil", "2024 · Wert", "2024 · Anteil")
    assert list(table.rows.index) == [6]


def test_rows_of_other_levels_are_told_and_left_out(regions):
    table = read("AGS;w\nDG;9\n01;8\n01001;1\n01002;2\n16056;3\nSumme;9\n", regions)
    assert table.count == {"matched": 2, "coarser": 2, "missed": 2}
    assert table.values(1).to_dict() == {"01001": 1, "01002": 2}


def test_codes_are_preferred_to_names(regions):
    table = read("Name;Code\nRostock;13003\nRostock;13072\nKiel;01002\n", regions)
    assert (table.key, table.count) == (1, {"matched": 3})


def test_a_region_named_twice_may_say_the_same_but_not_two_things(regions):
    table = read("AGS;w;v\n01001;1;1\n01001;1;2\n01002;5;5\n", regions)
    assert table.count == {"matched": 2, "duplicate": 1}
    assert table.values(1)["01001"] == 1
    with pytest.raises(SourceError, match=r"several values for 1 regions.*rows 2, 3"):
        table.values(2)


def test_a_column_of_text_names_its_first_cell(regions):
    table = read("AGS;w\n01001;1\n01002;viel\n", regions)
    with pytest.raises(SourceError, match="'w', row 3: 'viel' is no number"):
        table.values(1)


def test_a_decimal_comma_elsewhere_in_the_table_settles_what_one_column_leaves_open(regions):
    table = read("AGS\ta\tb\n01001\t1.234\t0,5\n01002\t5.678\t7\n", regions)
    assert table.values(1)["01001"] == 1234


def test_the_key_column_can_be_named_by_title_or_number(regions):
    text = "alt;neu;w\n01001;01002;1\n01002;01001;2\n"
    assert read(text, regions, key="neu").values(2)["01002"] == 1
    assert read(text, regions, key="2").values(2)["01002"] == 1
    with pytest.raises(SourceError, match="no column 'x' names regions; columns: 1: alt; 2: neu"):
        read(text, regions, key="x")


def test_columns_are_found_by_title_or_number(regions):
    table = read("AGS;w;w\n01001;1;2\n", regions)
    assert (table.find("2"), table.find("w (3)")) == (1, 2)
    with pytest.raises(SourceError, match="is no column; name one by number: 1: AGS"):
        table.find("v")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jahr;Flensburg;Kiel;Hamm;Dithmarschen;Plön;Stormarn\n1;2;3;4;5;6;7\n", "own_sideways"),
        ("a;b\n1;2\n3;4\n", "own_no_key"),
        ("Name;w\nRostock;1\nMünchen;2\n", "own_no_key"),
    ],
)  # fmt: skip
def test_a_table_without_a_column_of_regions_says_why(regions, text, code):
    with pytest.raises(SourceError) as told:
        read(text, regions)
    assert told.value.code == code


#: Table -> regions found, column, values of it; or the code of the one line that answers it.
USERS = {
    "arbeitslose_2019.csv": (400, "arbeitslose_insgesamt", {"01001": 4174, "11000": 152565}),
    "einkommen_lohn_steuer_2016.csv": (400, "einkuenfte_gesamt", {"02000": None, "01001": 1386544}),
    "schutzsuchende_2018.csv": (400, "schutzsuchende", {"01001": 3170}),
    "lkpop.csv": (400, "insgesamt", {"01001": 89504}),
    "districts.csv": (400, "area_km2", {"01001": 56.73}),
    "landkreise_staatsgrenze.csv": (399, None, {}),
    "inkar_covid.csv": (400, "Ausländeranteil", {"01001": 13.3}),
    "zensus2022_Kreise.csv": (400, "Bev_Gesamt", {"01001": 80000}),
    "nuts3_codes.csv": (400, None, {}),
    "co2regions.xlsx": (400, "CO2-Differenz (Abb. 3)", {"01001": 192.1524658203125}),
    "Gestorbene_Verwaltungsbezirke_nach_Geschlecht_ab_2000.xlsx": (
        26, "2000 · insgesamt", {"06411": 1512}
    ),
    "tb01_FaelleGrundtabelleKreise_2015.xlsx": "own_several",
    "gesamtmortalittrlp.xlsx": "own_sideways",
    "sterbefllenachkalenderwochesh2014-2023.xlsx": "own_sideways",
}  # fmt: skip


def first_numbers(table):
    places = range(len(table.titles))
    return table.values(
        next(one for one in places if table.column(one).numeric and one != table.key)
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="people's own tables are not here")
def test_no_sample_is_forgotten():
    assert {path.name for path in (SAMPLES / "user_tables").iterdir()} == set(USERS)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="people's own tables are not here")
@pytest.mark.parametrize("name", USERS)
def test_tables_that_people_really_have_are_read_or_answered_in_one_line(regions, name):
    content, expected = (SAMPLES / "user_tables" / name).read_bytes(), USERS[name]
    if isinstance(expected, str):
        with pytest.raises(SourceError) as told:
            first_numbers(read_table(content, name, regions))
        assert told.value.code == expected
        return
    found, title, values = expected
    table = read_table(content, name, regions)
    assert table.rows.loc[table.rows["region"] != "", "region"].nunique() == found
    if title is None:
        assert not any(one.numeric for one in table.columns)
        return
    read = table.values(table.find(title))
    assert {key: read[key] for key, one in values.items() if one} == {
        key: one for key, one in values.items() if one
    }
    assert len(read) == found
