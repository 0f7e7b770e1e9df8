"""Shapes of input: zip and plain, German and English numbers, region in any dimension, parts of
Kreise, dissolved Kreise, slices that are not delivered, marks, quality, words at the end, lines cut
off, columns moved, keys and times of other kinds; all true samples.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import READERS, genesis
from layers.sources.formats import Raw
from layers.sources.genesis.flat import Flat, long, read_flat

SAMPLES = FORMATS / "genesis"
REGIO = SAMPLES / "regionalstatistik"

HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;"
    "1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;"
    "2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label"
)


def line(key: str, sex: str, value: str, *, day: str = "2024-12-31", unit: str = "Anzahl") -> str:
    return (
        f"12411;Bevölkerung;STAG;Stichtag;{day};KREISE;Kreise;{key};Name;"
        f"GES;Geschlecht;{sex};Geschlecht;{value};{unit};BEVSTD;Bevölkerungsstand"
    )


def raw(*lines: str, name: str = "12411-01-01-4_1_de_flat.csv", header: str = HEADER) -> Raw:
    text = "\n".join([header, *lines]) + "\n"
    return Raw(name, text.encode("utf-8-sig"))


def flat(*lines: str) -> Flat:
    return read_flat(raw(*lines))


def test_totals_are_taken_unless_an_attribute_is_chosen() -> None:
    file = flat(line("01001", "", "30"), line("01001", "GESW", "16"), line("01001", "GESM", "14"))
    assert long(file, "BEVSTD")[0].to_dict("list") == {
        "region": ["01001"], "year": [2024], "value": [30.0], "flag": [""],
    }  # fmt: skip
    assert long(file, "BEVSTD", choose={"GES": "GESW"})[0]["value"].tolist() == [16.0]
    assert file.labels["GES"] == "Geschlecht"


def test_parts_of_kreise_are_no_kreise() -> None:
    file = flat(line("11000", "", "30"), line("11001001", "", "5"))
    assert long(file, "BEVSTD")[0]["region"].tolist() == ["11000"]
    assert long(file, "BEVSTD", level="part")[0]["region"].tolist() == ["11001001"]


@pytest.mark.parametrize(
    ("code", "key", "level"),
    [
        ("GEOLK4", "01001", "kreis"), ("GEOGM4", "010010000000", "municipality"),
        ("GEOBL3", "01", "land"), ("GEODL1", "DG", "country"), ("DLAND", "01", "land"),
        ("REGBEZ", "051", "district"), ("GEMEIN", "01001000", "municipality"),
    ],
)  # fmt: skip
def test_regions_are_known_by_their_variable_in_any_place(code: str, key: str, level: str) -> None:
    first = line(key, "", "30").replace("KREISE", code)
    columns = first.split(";")
    swapped = ";".join([*columns[:5], *columns[9:13], *columns[5:9], *columns[13:]])
    for text in (first, swapped):
        file = flat(text)
        assert file.rows[["level", "region"]].to_numpy().tolist() == [[level, key]]
        assert file.dimensions == ("GES",)


def test_a_dash_is_zero_only_where_the_region_has_numbers() -> None:
    file = flat(
        line("01001", "", "30"), line("01001", "GESW", "-"),
        line("16056", "", "-"), line("16056", "GESW", "-"),  # dissolved
    )  # fmt: skip
    women, notes = long(file, "BEVSTD", choose={"GES": "GESW"})
    assert women.to_dict("list") == {
        "region": ["01001"], "year": [2024], "value": [0.0], "flag": [""],
    }  # fmt: skip
    assert notes == ("'-' (exactly zero or nothing there): 1 read as 0, 1 gaps.",)


def test_a_dash_in_a_rate_or_a_price_is_a_gap() -> None:
    file = flat(
        line("01001", "", "30", unit="EUR"), line("01001", "GESW", "-", unit="EUR"),
        line("01002", "GESW", "2", unit="EUR"),
    )  # fmt: skip
    assert long(file, "BEVSTD", choose={"GES": "GESW"})[0]["region"].tolist() == ["01002"]


@pytest.mark.parametrize(("mark", "flag"), [(".", "withheld"), ("/", "withheld")])
def test_numbers_that_are_held_back_stay_missing_and_say_so(mark: str, flag: str) -> None:
    table, notes = long(flat(line("01001", "", mark), line("01002", "", "5")), "BEVSTD")
    assert np.isnan(table["value"].iloc[0])
    assert table["flag"].tolist() == [flag, ""]
    assert notes[0].startswith(f"'{mark}' (")
    assert notes[0].endswith("1 withheld.")


@pytest.mark.parametrize("mark", ["...", "x"])
def test_other_marks_are_gaps_and_counted(mark: str) -> None:
    table, notes = long(flat(line("01001", "", mark), line("01002", "", "5")), "BEVSTD")
    assert table["region"].tolist() == ["01002"]
    assert notes[0].endswith(": 1 gaps.")


def test_the_newest_time_without_numbers_is_stepped_back_from_and_told() -> None:
    file = flat(line("01001", "", "30", day="2023-12-31"), line("01001", "", "-"))
    table, notes = long(file, "BEVSTD")
    assert table["year"].tolist() == [2023]
    assert notes == ("2024-12-31: no kreis has a number yet; the time was left out.",)


def test_if_no_time_has_numbers_the_way_out_is_said() -> None:
    with pytest.raises(
        SourceError, match=r"has a number at 2024-12-31: .* Ask for the time before"
    ):
        long(flat(line("01001", "", "-")), "BEVSTD")


def test_two_times_of_one_year_are_not_mixed() -> None:
    file = flat(line("01001", "", "30", day="2024-06-30"), line("01001", "", "31"))
    with pytest.raises(SourceError, match=r"line 2: region 01001 has another value of 2024 in li"):
        long(file, "BEVSTD")


def test_a_measure_in_two_units_is_not_mixed() -> None:
    file = flat(line("01001", "", "30"), line("01001", "", "51,5", unit="%"))
    with pytest.raises(SourceError, match=r"gives 'BEVSTD' in several units \(%, Anzahl\)"):
        long(file, "BEVSTD")
    assert long(file, "BEVSTD", unit="%")[0]["value"].tolist() == [51.5]
    with pytest.raises(SourceError, match="has no unit 'EUR'; it has '%', 'Anzahl'"):
        long(file, "BEVSTD", unit="EUR")


def test_decimal_signs_follow_the_language_in_the_name_or_the_numbers() -> None:
    for name, number in (
        ("t_1_de_flat.csv", "1,5"), ("t_1_en_flat.csv", "1.5"),
        ("t_1_flat.csv", "1,5"), ("t_1_flat.csv", "1.5"),
    ):  # fmt: skip
        file = read_flat(raw(line("01001", "", number), name=name))
        assert long(file, "BEVSTD")[0]["value"].tolist() == [1.5]
    with pytest.raises(SourceError, match=r"'1\.5' is no number with decimal comma"):
        read_flat(raw(line("01001", "", "1.5"), name="t_1_de_flat.csv"))
    with pytest.raises(
        SourceError, match="line 3, column 'value': decimal comma and decimal point"
    ):
        read_flat(raw(line("01001", "", "1,5"), line("01002", "", "1.5"), name="t_flat.csv"))


def test_quality_is_kept_and_provisional_numbers_say_so() -> None:
    lines = [f"{line(f'0100{n}', '', '5')};{word}" for n, word in enumerate(("e", "p", "()"), 1)]
    file = read_flat(raw(*lines, header=HEADER + ";value_q"))
    table, notes = long(file, "BEVSTD")
    assert table["flag"].tolist() == ["", "provisional", ""]
    assert notes == ("'()' (limited reliability): 1 numbers.",)
    with pytest.raises(SourceError, match="line 2, column 'value_q': '!' is no known mark"):
        read_flat(raw(line("01001", "", "5") + ";!", header=HEADER + ";value_q"))


def test_words_at_the_end_are_left_out_and_told() -> None:
    file = flat(line("01001", "", "5"), "", "© Statistische Ämter")
    assert len(file.rows) == 1
    assert file.notes == ("The words after the last line were left out: '© Statistische Ämter'.",)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (raw(line("01001", "", "5")[:-30]), r"line 2: has 15 fields, expected are 17"),
        (raw(line("01001", "", "5,0,0")), r"line 2, column 'value': '5,0,0' is no number"),
        (raw(line("1001", "", "5")), r"line 2: '1001' is no key of level 'kreis'"),
        (raw(line("01001", "", "5").replace("KREISE", "AMT")), r"dimensions AMT, GES is a region"),
        (raw(line("01001", "", "5", day="12/2024")), r"line 2, column 'time': '12/2024' is no t"),
        (raw(line("01001", "", "5"), header=HEADER.replace("time_label", "zeit")), "column 'zeit'"),
        (raw(line("01001", "", "5"), header=HEADER.replace(";value;", ";wert;")), "column 'wert'"),
        (raw(), r"has no data; expected is a header in line 1"),
        (Raw("x", b"\xff\xfe"), r"x, line 1: is not utf-8-sig text"),
        (Raw("x", b"<!DOCTYPE html><p>403"), r"is a web page and no data"),
        (Raw("x", b""), "x: is empty"),
    ],
)
def test_what_cannot_be_is_named(content: Raw, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        read_flat(content)


def test_every_fault_of_a_file_says_where_the_right_one_is() -> None:
    with pytest.raises(SourceError, match=r"Get the table as 'Flat-File-CSV' .*regionalstatistik"):
        flat(line("1001", "", "5"))


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"variable": "BEV"}, "has no measure 'BEV'; it has 'BEVSTD'"),
        ({"variable": "BEVSTD", "level": "land"}, "has no level of regions 'land'; it has 'kreis'"),
        ({"variable": "BEVSTD", "choose": {"NAT": "X"}}, "has no dimension 'NAT'; it has 'GES'"),
        ({"variable": "BEVSTD", "choose": {"GES": "X"}}, "no attribute of GES 'X'; it has 'GESW'"),
        ({"variable": "BEVSTD"}, "no row of 'BEVSTD' for level 'kreis' with totals"),
    ],
)
def test_a_wrong_choice_lists_what_there_is(asked: dict[str, object], fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        long(flat(line("01001", "GESW", "5")), **asked)


def packed(folder: Path, table: str, content: Raw) -> None:
    (folder / "genesis").mkdir(exist_ok=True)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(content.name, content.content)
    (folder / "genesis" / f"{table}.zip").write_bytes(stream.getvalue())


def test_the_reader_takes_measure_and_attributes_from_one_code(tmp_path: Path) -> None:
    packed(tmp_path, "12411-01-01-4", raw(line("01001", "", "30"), line("01001", "GESW", "16")))
    read = READERS["genesis"]
    assert read(tmp_path, "BEVSTD", "12411-01-01-4")["value"].tolist() == [30.0]
    assert read(tmp_path, "BEVSTD[GES=GESW]", "12411-01-01-4")["value"].tolist() == [16.0]
    assert read(tmp_path, "BEVSTD[unit=Anzahl]", "12411-01-01-4")["value"].tolist() == [30.0]
    for code in ("BEVSTD[GES]", "BEVSTD[", ""):
        with pytest.raises(SourceError, match="cannot be understood; expected is such as"):
            read(tmp_path, code, "12411-01-01-4")
    with pytest.raises(SourceError, match=r"12521-0040\.zip: cannot be read \(No such file"):
        read(tmp_path, "BEVSTD", "12521-0040")


@with_samples
def test_the_population_of_germany_is_the_sum_of_its_400_kreise() -> None:
    file = read_flat(REGIO / "12411-01-01-4_de.zip")
    assert file.rows.groupby("level")["region"].nunique().to_dict() == {"kreis": 474, "part": 15}
    table, notes = long(file, "BEVSTD")
    assert (len(table), table["value"].sum()) == (400, 83_577_140)
    assert not {"13001", "16056", "03152", "03156"} & set(table["region"])
    assert notes == ("'-' (exactly zero or nothing there): 74 gaps.",)
    english = read_flat(REGIO / "12411-01-01-4_en.zip")
    assert long(english, "BEVSTD")[0].equals(table)


@with_samples
def test_zip_and_member_say_the_same() -> None:
    left = read_flat(REGIO / "11111-02-01-4_de.zip").rows
    pd.testing.assert_frame_equal(left, read_flat(REGIO / "11111-02-01-4_de_flat.csv").rows)


@with_samples
def test_the_newest_employees_are_listed_and_not_there() -> None:
    file = read_flat(REGIO / "13111-01-03-4_de.zip")
    assert set(file.rows["level"]) == {"country", "land", "district", "kreis", "part"}
    with pytest.raises(SourceError, match="no region of level 'kreis' has a number at 2025-06-30"):
        long(file, "ERW032", choose={"NAT": "NATA"})
    assert len(long(file, "ERW032", level="land", choose={"NAT": "NATA"})[0]) == 16


@with_samples
@pytest.mark.parametrize(
    ("file", "level", "dimensions"),
    [
        ("regionalstatistik/12211-Z-11_de_quality-on.zip", "kreis", ("LBFORM01",)),
        ("regionalstatistik/52411-02-01-4_de.zip", "kreis", ("ISVAT3",)),  # some rows without it
        ("regionalstatistik/AI-N-01-2-5_de.zip", "municipality", ()),  # 8 digits
        ("genesis_online/12531-0043_de_cut_flat.csv", "kreis", ("SCHST2", "GES", "STAAG5")),
        ("genesis_online/12211-0001_en.zip", "country", ("GES", "ALT068")),
        ("genesis_online/91111-0001_de.zip", "country", ("IND006",)),
        ("genesis_online/52111-0001_de_quality-on.zip", "country", ("BESG12", "WZ08U6")),
        ("zensus2022/1000A-0000_de.zip", "municipality", ()),  # 12 digits
        ("zensus2022/1000A-2022_de_compress-true.zip", "land", ("ALTGR2", "WDGAT1", "WDGAT2")),
        ("zensus2022/2000S-2003_en.zip", "country", ("WDGAT1", "WDGAT2", "ERWST3", "ERWST4")),
        ("web_export_ffcsv/12613-0013_de_flat.csv", "land", ("MONAT", "GES")),  # region second
    ],
)
def test_every_kind_of_true_file_is_read(
    file: str, level: str, dimensions: tuple[str, ...]
) -> None:
    found = read_flat(SAMPLES / file)
    assert level in set(found.rows["level"])
    assert found.dimensions == dimensions
    assert found.rows["value"].notna().any()


@with_samples
def test_the_package_reads_a_true_file_by_its_table(tmp_path: Path) -> None:
    (tmp_path / "genesis").mkdir()
    sample = REGIO / "73111-01-01-4_de.zip"
    (tmp_path / "genesis" / "73111-01-01-4.zip").write_bytes(sample.read_bytes())
    assert len(genesis.read(tmp_path, "LSNW01", "73111-01-01-4")) == 400
