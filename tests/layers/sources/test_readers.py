"""Shapes of input: missing files, missing columns, words among numbers, withheld groups, Land rows,
lost zeros, municipalities without rent, sheets with repeated sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from layers.errors import SourceError
from layers.sources import READERS, umsteigeschluessel, zensus
from layers.sources.longtable import union

if TYPE_CHECKING:
    from pathlib import Path


def put(raw: Path, file: str, text: str) -> Path:
    path = raw / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def put_parquet(raw: Path, file: str, table: dict[str, list[object]]) -> None:
    path = raw / file
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(table).to_parquet(path)


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


def test_flags_are_joined_as_a_set_of_words() -> None:
    assert union(["reform calculated", "", "reform"]) == "calculated reform"


@pytest.mark.parametrize(
    ("reader", "code", "table"),
    [
        ("gathered", "q_alo", "inkar"),
        ("badata", "jobs_total", ""),
        ("europawahl", "Gültige", "2019"),
        ("arvig", "events_without_demonstrations", ""),
        ("zensus", "rented_dwellings", ""),
        ("umsteigeschluessel", "population", "2017"),
    ],
)
def test_a_missing_file_is_named(reader: str, code: str, table: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"missing; see the build definition"):
        READERS[reader](tmp_path, code, table)


def test_gathered_takes_one_edition_only(tmp_path: Path) -> None:
    content: dict[str, list[object]] = {
        "ags": ["01001", "01001", "01002"],
        "indicator": ["rate", "rate", "other"],
        "year": [2019, 2019, 2019],
        "value": [1.0, 2.0, 3.0],
        "source": ["old", "new", "new"],
    }
    put_parquet(tmp_path, "indicators/kreis_indicators.parquet", content)
    assert rows(READERS["gathered"](tmp_path, "rate", "new")) == [("01001", 2019, 2.0, "")]
    with pytest.raises(SourceError, match=r"indicator 'rate' and source 'newest'"):
        READERS["gathered"](tmp_path, "rate", "newest")


def test_a_sum_of_withheld_groups_is_withheld_and_not_a_small_number(tmp_path: Path) -> None:
    content: dict[str, list[object]] = {
        "region": ["01001", "01002"],
        "year": [2025, 2025],
        "summe": [500.0, 2.0],
        "n_gruppen": [145, 145],
        "n_fehlend": [0, 144],
        "variable": ["jobs_total", "jobs_total"],
    }
    put_parquet(tmp_path, "indicators/ba_badata/badata_kreissummen_2012_2025.parquet", content)
    table = READERS["badata"](tmp_path, "jobs_total", "")
    assert table["value"].tolist()[0] == 500.0
    assert table["value"].isna().tolist() == [False, True]
    assert table["flag"].tolist() == ["", "withheld"]
    with pytest.raises(SourceError, match=r"it holds jobs_total"):
        READERS["badata"](tmp_path, "jobs", "")


ELECTION = "indicators/bundeswahlleiterin_europawahl/ew24_kerg_mod.csv"


def test_election_rows_of_land_and_country_are_no_kreise(tmp_path: Path) -> None:
    put(tmp_path, ELECTION, "Nr;Gebiet;Gültige\n01001;A;10\n01;Land;10\n99;Bund;10\n;;\n")
    assert rows(READERS["europawahl"](tmp_path, "Gültige", "2024")) == [("01001", 2024, 10.0, "")]


def test_a_party_that_is_not_in_the_file_is_named(tmp_path: Path) -> None:
    put(tmp_path, ELECTION, "Nr;Gebiet;Gültige\n01001;A;10\n")
    with pytest.raises(SourceError, match=r"ew24_kerg_mod.csv: column 'Die Heimat' is missing"):
        READERS["europawahl"](tmp_path, "Die Heimat", "2024")


def test_a_word_among_numbers_is_named_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, ELECTION, "Nr;Gebiet;Gültige\n01001;A;10\n01002;B;viele\n")
    with pytest.raises(SourceError, match=r"column 'Gültige', line 3: 'viele' is not a number"):
        READERS["europawahl"](tmp_path, "Gültige", "2024")


def test_events_count_by_kreis_without_pure_demonstrations(tmp_path: Path) -> None:
    events = (
        "community_id,category_en\n"
        "10010000000,arson\n"  # Flensburg, its leading zero lost
        "10010000000,demonstration\n"
        "10010000000,demonstration & miscellaneous attack\n"
        "110000000000,assault\n"
    )
    put(tmp_path, "indicators/arvig/arvig_events.csv", events)
    table = READERS["arvig"](tmp_path, "events_without_demonstrations", "")
    assert rows(table) == [("01001", 2017, 2.0, ""), ("11000", 2017, 1.0, "")]
    with pytest.raises(SourceError, match=r"possible is events_without_demonstrations"):
        READERS["arvig"](tmp_path, "arson", "")


def put_census(raw: Path, lines: list[str]) -> None:
    header = (
        "ags,total_dwellings_census22,vacancy_rate_census22,"
        "share_owner_occupied_census22,avg_rent_per_m2_census22"
    )
    put(raw, zensus.FILE, "\n".join([header, *lines, ""]))


def rent(raw: Path) -> dict[str, float]:
    above = READERS["zensus"](raw, "rent_times_dwellings", "").set_index("region")["value"]
    below = READERS["zensus"](raw, "rented_dwellings", "").set_index("region")["value"]
    return (above / below).to_dict()


def test_rents_are_weighted_by_rented_dwellings(tmp_path: Path) -> None:
    put_census(tmp_path, ["01051001,1000,10,50,6.00", "01051002,200,0,75,9.00"])
    large, small = 1000 * 0.9 * 0.5, 200 * 1.0 * 0.25
    expected = (6 * large + 9 * small) / (large + small)
    assert rent(tmp_path) == {"01051": pytest.approx(expected, rel=1e-15)}


def test_a_kreis_with_too_few_known_rents_stays_a_gap(tmp_path: Path) -> None:
    put_census(
        tmp_path,
        [
            "01051001,890,0,0,6.00",
            "01051002,110,0,0,",  # 89 % of the weight has a rent
            "01053001,900,0,0,7.00",
            "01053002,100,0,0,",  # 90 %
        ],
    )
    assert rent(tmp_path) == {"01053": 7.0}


def test_a_municipality_of_unknown_weight_is_left_out(tmp_path: Path) -> None:
    put_census(tmp_path, ["01051001,100,0,0,6.00", "01051002,9000,,0,50.00"])
    assert rent(tmp_path) == {"01051": 6.0}


def test_more_owners_than_dwellings_means_no_rented_one(tmp_path: Path) -> None:
    put_census(tmp_path, ["01051001,100,0,0,6.00", "01051002,100,0,118.2,50.00"])
    assert rent(tmp_path) == {"01051": 6.0}


SHEET = (
    "jahr,ags5_alt,ags5_neu,f_flaeche,f_bevoelkerung,f_beschaeftigte,"
    "flaeche_km2,bevoelkerung_1000,svb_1000\n"
    "1991,00001,00001,1,1,,9,999,\n"
    "2017,00001,00001,0.75,0.9,0.8,30,90,40\n"
    "2017,00001,00002,0.25,0.1,0.2,10,10,10\n"
    "2018,00001,00001,0.75,0.9,0.8,40,100,44\n"
    "2018,00001,00002,0.25,0.1,0.2,40,100,11\n"
    "2020,00003,00004,1,1,1,50,160,20\n"
    "2020,00004,00004,1,1,1,50,160,30\n"
)


def test_sizes_of_old_kreise_survive_the_faults_of_the_sheets(tmp_path: Path) -> None:
    put(tmp_path, umsteigeschluessel.FILE, SHEET)
    sizes = umsteigeschluessel.sizes(umsteigeschluessel.parts(tmp_path))
    known = {
        key: {name: size for name, size in row.items() if pd.notna(size)}
        for key, row in sizes.to_dict("index").items()
    }
    assert known == {
        (1991, "00001"): {"area": 9},  # the populations of that year cannot be
        (2017, "00001"): {"area": 30 + 10, "population": 100_000, "employees": 50_000},
        # parts that repeat the whole, other than their employees
        (2018, "00001"): {"area": 40, "population": 100_000, "employees": 44_000 + 11_000},
        # 2020 gives both members area and population of both together
        (2020, "00003"): {"employees": 20_000},
        (2020, "00004"): {"employees": 30_000},
    }


def test_population_is_read_for_a_known_year_only(tmp_path: Path) -> None:
    put(tmp_path, umsteigeschluessel.FILE, SHEET)
    table = READERS["umsteigeschluessel"](tmp_path, "population", "2017")
    assert rows(table) == [("00001", 2017, 100_000.0, "")]
    with pytest.raises(SourceError, match=r"no 'population' of 2020"):
        READERS["umsteigeschluessel"](tmp_path, "population", "2020")
