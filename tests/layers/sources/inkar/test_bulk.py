"""Shapes of input: an edition as zip or CSV, columns in another order, lost zeros, quoted texts,
texts with semicolons, missing as empty and NA, a Kuerzel that occurs twice or is missing; damaged,
suspicious, cut and badly encoded files; wrong numbers, keys, lines and headers.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from layers.errors import SourceError
from layers.sources.inkar import archive, bulk
from layers.sources.longtable import COLUMNS

DATA = Path(__file__).parents[4] / "data" / "kreise"
HEAD = ";".join(bulk.HEADER)
LINES = (
    "LRB;11;q_alo;Arbeitslosenquote;Kreise;01001000;Flensburg, Stadt;2021;8,5",
    "LRB;11;q_alo;Arbeitslosenquote;Kreise;1002000;Kiel;2021;7,25",  # its zero was lost
    "LRB;11;q_alo;Arbeitslosenquote;Kreise;01003000;Lübeck;2021;",
    "LRB;11;q_alo;Arbeitslosenquote;Kreise;01004000;Neumünster;2021;NA",
    "LRB;11;q_alo;Arbeitslosenquote;Bund;0;Deutschland;2021;5,7",
    'SDG;12;q_alo;"Quote; ""alle""";Kreise;01001000;Flensburg;2021;-1,5E-05',
    "ZOM;21;NA;Entfernung;Kreise;01001000;Flensburg;2023;3",
    "ZOM;22;NA;Status;Kreise;01001000;Flensburg;2023;4",
)


def csv(folder: Path, *lines: str, head: str = HEAD, end: str = "\n") -> Path:
    path = folder / "inkar_2025.csv"
    path.write_bytes(("\ufeff" + end.join([head, *lines, ""])).encode())
    return path


def packed(folder: Path, *lines: str) -> Path:
    path = folder / "inkar_2025.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(csv(folder, *lines), "inkar/inkar_2025.csv")
        made.writestr("INKAR 2025 Indikatorenübersicht.xlsx", b"")
    return path


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> tuple[bulk.Report, Path]:
    folder = tmp_path_factory.mktemp("edition")
    target = folder / "inkar" / "inkar_2025.parquet"
    return bulk.extract(packed(folder, *LINES), target), folder


def test_an_edition_says_what_it_holds(edition) -> None:
    report, folder = edition
    size = (folder / "inkar_2025.csv").stat().st_size
    assert report == bulk.Report("2025", 7, 2, 4, 4, size)


def test_nothing_is_left_beside_an_extract(edition) -> None:
    folder = edition[1] / "inkar"
    assert [path.name for path in folder.iterdir()] == ["inkar_2025.parquet"]


def test_a_lost_zero_comes_back_and_gaps_are_left_out(edition) -> None:
    table = bulk.read(edition[1], "LRB/q_alo", "2025")
    assert tuple(table.columns) == COLUMNS
    assert rows(table) == [("01001", 2021, 8.5, ""), ("01002", 2021, 7.25, "")]


def test_the_same_kuerzel_of_two_collections_is_two_indicators(edition) -> None:
    assert rows(bulk.read(edition[1], "SDG/q_alo", "2025")) == [("01001", 2021, -1.5e-5, "")]


def test_a_missing_kuerzel_needs_the_number(edition) -> None:
    with pytest.raises(SourceError, match=r"several indicators; take one of 'ZOM/#21', 'ZOM/#22'"):
        bulk.read(edition[1], "ZOM/", "2025")
    assert rows(bulk.read(edition[1], "ZOM/#22", "2025")) == [("01001", 2023, 4.0, "")]


def test_an_unknown_indicator_is_met_with_similar_ones(edition) -> None:
    with pytest.raises(SourceError, match=r"no 'LRB/q_alq' for Kreise; close to it are: LRB/q_alo"):
        bulk.read(edition[1], "LRB/q_alq", "2025")


def test_an_extract_that_was_never_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"inkar_2024.parquet: this extract is missing"):
        bulk.read(tmp_path, "LRB/q_alo", "2024")


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    order = [8, 5, 0, 1, 2, 3, 4, 6, 7]

    def turned(line: str) -> str:
        fields = line.split(";")
        return ";".join(fields[position] for position in order)

    source = csv(tmp_path, *map(turned, LINES[:5]), head=turned(HEAD), end="\r\n")
    bulk.extract(source, tmp_path / "x.parquet")
    table = bulk.series(tmp_path / "x.parquet", "LRB", "q_alo")
    assert rows(table) == [("01001", 2021, 8.5, ""), ("01002", 2021, 7.25, "")]


def test_only_wanted_indicators_and_levels_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    wanted = [("LRB", "q_alo")]
    report = bulk.extract(csv(tmp_path, *LINES), target, indicators=wanted, levels=("Bund",))
    assert (report.rows, report.indicators) == (1, 1)
    assert rows(bulk.series(target, "LRB", "q_alo", level="Bund")) == [("0", 2021, 5.7, "")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("LRB;1;q;Q;Kreise;01001000;F;2021;8.5", r"line 10, column 'Wert': '8.5' is no number"),
        ("LRB;1;q;Q;Kreise;01001000;F;2021;1.234,5", r"line 10, column 'Wert': '1.234,5' is no"),
        ("LRB;1;q;Q;Bund;0;F;2021;viele", r"line 10, column 'Wert': 'viele' is no number"),
        ("LRB;1;q;Q;Kreise;01001000;F;2021;inf", r"line 10, column 'Wert': 'inf' is no number"),
        ("LRB;1;q;Q;Kreise;01001000;F;2021", r"line 10: has 8 fields instead of 9"),
        (
            "LRB;1;q;Q;Kreise;01001000;F;f;2021;1",
            r"line 10: has 10 fields instead of 9; .* needs quotes",
        ),
        ('LRB;1;q;"Q;Kreise;01001000;F;2021;1', r"line 10: has a quotation mark that is not clo"),
        ("LRB;1;q;Q;Kreise;01001;F;2021;1", r"line 10, column 'Kennziffer': '00001001' is no key"),
        ("LRB;1;q;Q;Kreise;17001000;F;2021;1", r"line 10, column 'Kennziffer': '17001000' is no"),
        ("LRB;1;q;Q;Kreise;010010000;F;2021;1", r"line 10, column 'Kennziffer': '010010000' is"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        bulk.extract(csv(tmp_path, *LINES, line), tmp_path / "x.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["inkar_2025.csv"]


def test_a_file_in_which_every_line_is_wrong_ends_at_the_first(tmp_path: Path) -> None:
    faulty = "LRB;1;q;Q;Kreise;01001000;F;2021;8.5"
    with pytest.raises(SourceError, match=r"line 2, column 'Wert': '8.5' is no number"):
        bulk.extract(csv(tmp_path, *[faulty] * 1000), tmp_path / "x.parquet")


def test_a_file_saved_again_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path, *LINES)
    with path.open("ab") as stream:
        stream.write("LRB;1;q;Größe;Kreise;05315000;Köln;2021;1\n".encode("cp1252"))
    with pytest.raises(SourceError, match=r"line 10: is not UTF-8 text; .* saved again"):
        bulk.extract(path, tmp_path / "x.parquet")


@pytest.mark.parametrize("head", [HEAD.replace("Kuerzel", "Kürzel"), HEAD + ";Note", "a;b", ""])
def test_an_unexpected_header_is_shown_beside_the_expected_one(head: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 1: is .* expected are the columns Bereich, ID, K"):
        bulk.extract(csv(tmp_path, head=head), tmp_path / "x.parquet")


def test_a_header_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "inkar_2025.csv"
    path.write_bytes(HEAD.encode("utf-16"))
    with pytest.raises(SourceError, match=r"line 1: is no UTF-8 text"):
        bulk.extract(path, tmp_path / "x.parquet")


def test_what_is_not_in_the_file_is_named_with_what_is(tmp_path: Path) -> None:
    source, target = csv(tmp_path, *LINES), tmp_path / "x.parquet"
    with pytest.raises(SourceError, match=r"there is no 'Gemeinden'; there are Bund, Kreise"):
        bulk.extract(source, target, levels=("Gemeinden",))
    with pytest.raises(SourceError, match=r"no rows of SDG/q_bip for Kreise"):
        bulk.extract(source, target, indicators=[("LRB", "q_alo"), ("SDG", "q_bip")])
    assert not target.exists()


def test_an_extract_stays_when_the_next_one_fails(tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    bulk.extract(csv(tmp_path, *LINES), target)
    before = target.read_bytes()
    with pytest.raises(SourceError):
        bulk.extract(csv(tmp_path, "a;b"), target)
    assert target.read_bytes() == before


def test_a_year_that_is_none_and_a_double_row_are_refused_on_reading(tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    odd = LINES[0].replace("2021", "2019-2021").replace("q_alo", "odd")
    bulk.extract(csv(tmp_path, *LINES, LINES[0], odd), target)
    with pytest.raises(SourceError, match=r"'LRB/q_alo' has 01001000 in 2021 more than once"):
        bulk.series(target, "LRB", "q_alo")
    with pytest.raises(SourceError, match=r"'LRB/odd': '2019-2021' is no year"):
        bulk.series(target, "LRB", "odd")


def test_a_missing_file_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"inkar_2025.zip: this file is missing. .*www.inkar.de"):
        bulk.extract(tmp_path / "inkar_2025.zip", tmp_path / "x.parquet")


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, *LINES)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(SourceError, match=r"is no zip archive or was cut off"):
        bulk.extract(path, tmp_path / "x.parquet")


def test_a_damaged_member_is_refused_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "inkar_2025.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("inkar_2025.csv", "\n".join([HEAD, *LINES]))
    path.write_bytes(path.read_bytes().replace(b"Deutschland", b"Deutschlunt"))
    with pytest.raises(SourceError, match=r"'inkar_2025.csv' is damaged"):
        bulk.extract(path, tmp_path / "x.parquet")
    assert [left.name for left in tmp_path.iterdir()] == ["inkar_2025.zip"]


def test_an_archive_of_two_tables_is_no_edition(tmp_path: Path) -> None:
    path = tmp_path / "inkar_2025.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.csv", "")
        made.writestr("b.csv", "")
    with pytest.raises(
        SourceError, match=r"holds 2 CSV files, expected is one; it holds: a.csv, b"
    ):
        bulk.extract(path, tmp_path / "x.parquet")


def test_a_zip_bomb_and_a_full_disk_stop_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path, *[";" * 1000] * 2000)
    with pytest.raises(SourceError, match=r"would unpack to 2 MB \(ratio .* are allowed"):
        bulk.extract(path, tmp_path / "x.parquet")
    path = packed(tmp_path, *LINES)
    monkeypatch.setattr(archive, "_SPARE", 10**18)
    with pytest.raises(SourceError, match=r"MB left; choose another disk"):
        bulk.extract(path, tmp_path / "x.parquet")


def test_every_newest_number_of_the_embedded_indicators_survives_the_file(tmp_path: Path) -> None:
    values = pd.read_parquet(DATA / "values.parquet")
    newest = values["year"] == values.groupby("indicator")["year"].transform("max")
    values = values[newest & values["value"].notna()]
    values = values.sort_values(["indicator", "region"], ignore_index=True)
    numbers = values["value"].map(repr).str.replace(".", ",", regex=False)
    lines = (
        "LRB;" + pd.factorize(values["indicator"])[0].astype("str").astype(object)
        + ";" + values["indicator"] + ";Name;Kreise;" + values["region"].str.lstrip("0")
        + "000;Ort;" + values["year"].astype("str") + ";" + numbers
    )  # fmt: skip
    target = tmp_path / "x.parquet"
    report = bulk.extract(csv(tmp_path, *lines), target)
    assert report.rows == len(values)
    for indicator, expected in values.groupby("indicator"):
        found = bulk.series(target, "LRB", str(indicator))
        assert found["region"].tolist() == expected["region"].tolist()
        assert found["year"].tolist() == expected["year"].tolist()
        assert found["value"].tolist() == expected["value"].tolist()  # to the last bit


def test_a_folder_may_have_signs_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's [raw] *"
    folder.mkdir()
    bulk.extract(csv(folder, *LINES), folder / "x.parquet")
    assert len(bulk.series(folder / "x.parquet", "LRB", "q_alo")) == 2


def test_a_disk_that_fills_up_while_unpacking_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = packed(tmp_path, *LINES)
    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    with pytest.raises(SourceError, match=r"cannot be unpacked \(No space left on device\)"):
        bulk.extract(path, tmp_path / "x.parquet")
    assert {left.name for left in tmp_path.iterdir()} == {"inkar_2025.zip", "inkar_2025.csv"}


def test_an_archive_alone_is_enough_and_its_extract_stays(tmp_path: Path) -> None:
    folder = tmp_path / "inkar"
    folder.mkdir()
    packed(folder, *LINES)
    first = bulk.read(tmp_path, "LRB/q_alo", "2025")
    assert len(first) == 2
    (folder / "inkar_2025.zip").unlink()
    pd.testing.assert_frame_equal(bulk.read(tmp_path, "LRB/q_alo", "2025"), first)
