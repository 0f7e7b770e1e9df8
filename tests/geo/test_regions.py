"""Shapes of input: cities beside Kreise of the same name, speaking names, lost leading zeros."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.reforms import Crosswalk
from geo.regions import COLUMNS, kreise, labels, repair_ags

ROOT = Path(__file__).parents[2]
RAW = ROOT.parent / "shared" / "data"
needs_raw = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    reforms = ROOT / "data" / "definitions" / "kreise" / "reforms.csv"
    return kreise(RAW, Crosswalk.load(RAW, reforms)).set_index("region")


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Rosenheim", "Kreisfreie Stadt", "Rosenheim, Stadt"),
        ("Rosenheim", "Landkreis", "Landkreis Rosenheim"),
        ("Oldenburg (Oldb)", "Kreisfreie Stadt", "Oldenburg (Oldb), Stadt"),
        ("Berlin", "Kreisfreie Stadt", "Berlin"),
        ("Ulm", "Stadtkreis", "Ulm"),
        ("Segeberg", "Kreis", "Kreis Segeberg"),
        ("Rhein-Sieg-Kreis", "Kreis", "Rhein-Sieg-Kreis"),
        ("Rhein-Kreis Neuss", "Kreis", "Rhein-Kreis Neuss"),
        ("Altmarkkreis Salzwedel", "Landkreis", "Altmarkkreis Salzwedel"),
        ("Region Hannover", "Landkreis", "Region Hannover"),
        ("Städteregion Aachen", "Kreis", "Städteregion Aachen"),
        ("Regionalverband Saarbrücken", "Regionalverband", "Regionalverband Saarbrücken"),
    ],
)
def test_labels_say_the_kind_once(name: str, kind: str, label: str) -> None:
    names = pd.Series([name, "Rosenheim", "Oldenburg"])
    kinds = pd.Series([kind, "Landkreis", "Landkreis"])
    assert labels(names, kinds).iloc[0] == label


def test_lost_zeros_are_put_back_and_reported_by_code_and_count() -> None:
    keys = pd.Series([1001, 9184, 11000, 1001000])
    repaired, notices = repair_ags(keys)
    assert repaired.tolist() == ["01001", "09184", "11000", "01001000"]
    assert notices == ["leading_zero:3"]


def test_keys_read_as_decimal_numbers_are_understood() -> None:
    assert repair_ags(pd.Series([1001.0, 11000.0]))[0].tolist() == ["01001", "11000"]


@pytest.mark.parametrize("keys", [["01001", "1001"], ["DE300"], ["123"], ["01001"]])
def test_uncertain_keys_stay_as_they_are(keys: list[str]) -> None:
    repaired, notices = repair_ags(pd.Series(keys))
    assert repaired.tolist() == keys
    assert notices == []


@needs_raw
def test_there_are_400_kreise_with_unique_labels(table: pd.DataFrame) -> None:
    assert list(table.reset_index().columns) == list(COLUMNS)
    assert len(table) == table.index.nunique() == table["label"].nunique() == 400
    assert table.index.is_monotonic_increasing
    assert (table["land"] == table.index.str[:2]).all()


@needs_raw
def test_totals_are_those_of_the_official_directory(table: pd.DataFrame) -> None:
    assert table["population"].sum() == 84_669_326
    assert table["area_km2"].sum() == pytest.approx(357_600, rel=0.001)
    assert table.loc["01001", "density"] == pytest.approx(92_667 / 56.73)


@needs_raw
def test_types_occur_as_often_as_published(table: pd.DataFrame) -> None:
    thuenen = table["thuenen_type"].value_counts().sort_index()
    assert thuenen.to_dict() == {1: 108, 2: 63, 3: 65, 4: 68, 5: 96}
    assert table["thuenen_shared"].sum() == 76
    assert table["eurostat_urbn"].value_counts().to_dict() == {1: 95, 2: 196, 3: 109}
    assert table["size_class"].between(1, 4).all()


@needs_raw
def test_rural_types_have_the_higher_index_of_ruralness(table: pd.DataFrame) -> None:
    rurality = table.groupby("thuenen_type")["ruralness"].agg(["min", "max"])
    assert rurality.loc[5, "max"] < -0.2 < rurality.loc[[3, 4], "min"].min()
    assert rurality.loc[[3, 4], "max"].max() < rurality.loc[[1, 2], "min"].min()


@needs_raw
def test_merged_kreise_keep_a_type_only_where_their_parts_agree(table: pd.DataFrame) -> None:
    assert table.index[table["bbsr_type_2015"].isna()].tolist() == ["03159"]  # types 2 and 4
    assert table.loc["16063", "bbsr_type_2015"] == 4
    assert table["eurostat_urbn"].notna().all()
