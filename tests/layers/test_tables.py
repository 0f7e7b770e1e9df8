"""Shapes of input: comments on top, BOM, blank lines, keys as text, keys that lost their zero."""

from __future__ import annotations

import pandas as pd
import pytest

from layers.errors import DatasetError
from layers.tables import check_keys, check_values, infer_numbers, match_keys, read_table

HEAD = "region,indicator,year,value,flag\n"


def csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "values.csv"
    path.write_bytes(text.encode(encoding))
    return path


def values(tmp_path, text):
    path = csv(tmp_path, text)
    return check_values(read_table(path), path)


def refused(tmp_path, text):
    with pytest.raises(DatasetError) as caught:
        values(tmp_path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_cells_are_text_and_rows_have_the_numbers_of_their_lines(tmp_path):
    table = read_table(csv(tmp_path, "# one\n# two\nkey,n\n01,5\n\n02,\n\n"))
    assert table["key"].to_dict() == {4: "01", 6: "02"}
    assert table["n"].to_list() == ["5", ""]


def test_a_number_sign_inside_a_cell_is_no_comment(tmp_path):
    assert read_table(csv(tmp_path, "key,name\n1,Block #4\n"))["name"].to_list() == ["Block #4"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    assert list(read_table(csv(tmp_path, "key\n1\n", "utf-8-sig")).columns) == ["key"]


def test_columns_of_numbers_become_numbers_but_keys_stay_text():
    table = pd.DataFrame(
        {"n": ["1", "", "2.5"], "key": ["01", "02", "03"], "name": ["7", "8", "9"]}
    )
    inferred = infer_numbers(table, keep=["name"])
    assert inferred["n"].isna().to_list() == [False, True, False]
    assert inferred["n"].iloc[2] == 2.5
    assert inferred["key"].to_list() == ["01", "02", "03"]
    assert inferred["name"].to_list() == ["7", "8", "9"]


@pytest.mark.parametrize("cell", ["much", "1,5", "1e400", "inf", "-inf", "nan", "True", "1e101"])
def test_a_value_that_is_no_number_is_named_with_its_row(tmp_path, cell):
    message = refused(tmp_path, f'# top\n{HEAD}A,x,2020,1,\nA,y,2020,"{cell}",\n')
    assert f"values.csv: column 'value': '{cell}' (row 4) is not a number" in message


def test_booleans_are_no_values(tmp_path):
    path = tmp_path / "values.parquet"
    pd.DataFrame({"region": ["A"], "indicator": ["x"], "year": [2020], "value": [True]}).to_parquet(
        path
    )
    with pytest.raises(DatasetError, match=r"column 'value': 'True' \(row 1\)"):
        check_values(read_table(path), path)


@pytest.mark.pinned
def test_very_large_whole_numbers_are_read(tmp_path):
    assert values(tmp_path, f"{HEAD}A,x,2020,99999999999999999999999,\n")["value"].iloc[0] == 1e23


@pytest.mark.parametrize("year", ["", "20.5", "MMXX", "99999999999999999999", "-1"])
def test_a_year_that_is_none_is_named(tmp_path, year):
    assert "column 'year'" in refused(tmp_path, f"{HEAD}A,x,{year},1,\n")


def test_a_value_given_twice_is_named(tmp_path):
    message = refused(tmp_path, f"{HEAD}A,x,2020,1,\nB,x,2020,1,\nA,x,2020,2,\n")
    assert "region A, indicator x, year 2020 occurs more than once (row 2, 4)" in message


def test_an_unknown_flag_is_named_with_those_allowed(tmp_path):
    message = refused(tmp_path, f"{HEAD}A,x,2020,1,reform guessed\n")
    assert (
        "'guessed' (row 2); allowed: calculated, provisional, reform, self_assessed, withheld"
        in message
    )


def test_missing_columns_and_empty_keys_are_named(tmp_path):
    assert "column 'indicator' is missing; columns found: region" in refused(
        tmp_path, "region\nA\n"
    )
    assert "column 'region' is empty (row 2)" in refused(tmp_path, f"{HEAD},x,2020,1,\n")


def test_a_gap_is_dropped_unless_it_was_withheld(tmp_path):
    table = values(tmp_path, f"{HEAD}A,x,2020,,\nB,x,2020,,withheld\n")
    assert table["region"].to_list() == ["B"]


@pytest.mark.parametrize("text", ["", "\xff\xfe", HEAD.encode("utf-16").decode("latin-1")])
def test_files_that_are_no_tables_are_named(tmp_path, text):
    path = csv(tmp_path, text, "latin-1")
    with pytest.raises(DatasetError, match=r"values\.csv: cannot be read as csv"):
        read_table(path)


def test_a_broken_parquet_file_is_named(tmp_path):
    path = tmp_path / "values.parquet"
    path.write_bytes(b"PAR1 no more")
    with pytest.raises(DatasetError, match=r"values\.parquet: cannot be read as parquet"):
        read_table(path)


def test_decimal_keys_are_refused(tmp_path):
    with pytest.raises(DatasetError, match="keys must be text"):
        check_keys(pd.Series([1001.0], name="region"), tmp_path)


def test_a_lost_leading_zero_is_put_back_with_a_notice(tmp_path):
    keys, notices = match_keys(pd.Series(["1001", "16063"]), pd.Index(["01001", "16063"]), tmp_path)
    assert keys.to_list() == ["01001", "16063"]
    assert "leading zero put back in 1 region keys ('1001')" in notices[0]


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (["1001", "01001"], ["01001"]),  # both are there: which is meant?
        (["1001"], ["01001", "1"]),  # keys of different lengths
        (["1002"], ["01001"]),  # unknown with the zero as well
    ],
)
def test_a_key_is_never_repaired_by_guessing(tmp_path, found, known):
    with pytest.raises(DatasetError, match=r"unknown key '100[12]' \(row 1\)"):
        match_keys(pd.Series(found, index=range(1, len(found) + 1)), pd.Index(known), tmp_path)
