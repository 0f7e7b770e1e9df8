"""Shapes of input: nothing to move, a merger, a split, a missing member, a withheld member, a
median, an unknown key, keys of two Gebietsstände in one year, events without a row.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reforms import Crosswalk, merge_codes, move
from layers.errors import SourceError

EISENACH, WARTBURGKREIS = "16056", "16063"
HANAU, MAIN_KINZIG = "06415", "06435"
TARGET = {"16063", "06435", "01001", "10001", "10002"}

LINKS = [
    # status, old, new, area share, population share
    (2019, EISENACH, WARTBURGKREIS, 1.0, 1.0),
    (2019, WARTBURGKREIS, WARTBURGKREIS, 1.0, 1.0),
    (2019, "01001", "01001", 1.0, 1.0),
    (2026, HANAU, MAIN_KINZIG, 1.0, 1.0),
    (2026, MAIN_KINZIG, MAIN_KINZIG, 1.0, 1.0),
    # an old Kreis that was cut in two, and both parts joined others
    (2006, "10090", "10001", 0.4, 0.3),
    (2006, "10090", "10002", 0.6, 0.7),
    (2006, "10001", "10001", 1.0, 1.0),
    (2006, "10002", "10002", 1.0, 1.0),
]
SIZES = [
    # year, region, area km², population
    (2018, EISENACH, 104.17, 42_400.0),
    (2018, WARTBURGKREIS, 1307.44, 123_000.0),
    (2019, EISENACH, 104.17, 42_300.0),
    (2019, WARTBURGKREIS, 1266.98, 119_000.0),
    (2006, "10090", 300.0, 60_000.0),
    (2006, "10001", 500.0, 90_000.0),
    (2006, "10002", 400.0, 50_000.0),
    (2020, MAIN_KINZIG, 1397.33, 421_700.0),
    (2023, HANAU, 76.28, 103_184.0),
    (2023, MAIN_KINZIG, 1321.05, 330_818.0),
]


@pytest.fixture(scope="module")
def crosswalk() -> Crosswalk:
    return make_crosswalk()


def make_crosswalk() -> Crosswalk:
    columns = ["status", "old", "new", "area_share", "population_share"]
    sizes = pd.DataFrame(SIZES, columns=["year", "region", "area", "population"])
    return Crosswalk(
        pd.DataFrame(LINKS, columns=columns), sizes.set_index(["year", "region"]).sort_index()
    )


def table(*rows: tuple[str, int, float] | tuple[str, int, float, str]) -> pd.DataFrame:
    full = [(*row, "") if len(row) == 3 else row for row in rows]
    return pd.DataFrame(full, columns=["region", "year", "value", "flag"])


def as_dict(moved: pd.DataFrame) -> dict[tuple[str, int], tuple[float, str]]:
    rows = moved.itertuples(index=False, name=None)
    return {(region, year): (value, flag) for region, year, value, flag in rows}


def test_eisenach_rate_is_weighted_by_the_population_of_its_year(crosswalk: Crosswalk) -> None:
    given_table = table((EISENACH, 2019, 10.0), (WARTBURGKREIS, 2019, 4.0), ("01001", 2019, 7.0))
    moved, gaps = move(given_table, crosswalk, TARGET, kind="rate", reweight="population")
    expected = (10 * 42_300 + 4 * 119_000) / (42_300 + 119_000)
    assert as_dict(moved) == {
        (WARTBURGKREIS, 2019): (pytest.approx(expected, rel=1e-15), "reform"),
        ("01001", 2019): (7.0, ""),
    }
    assert gaps == []


def test_eisenach_travel_time_is_weighted_by_area(crosswalk: Crosswalk) -> None:
    given_table = table((EISENACH, 2018, 0.0), (WARTBURGKREIS, 2018, 20.0))
    moved, _ = move(given_table, crosswalk, TARGET, kind="rate", reweight="area")
    assert moved["value"].item() == pytest.approx(20 * 1307.44 / (104.17 + 1307.44), rel=1e-15)


@pytest.mark.parametrize(("year", "used"), [(2021, 2019), (1995, 2018)])
def test_weights_come_from_the_nearest_known_year(
    crosswalk: Crosswalk, year: int, used: int
) -> None:
    given_table = table((EISENACH, year, 1.0), (WARTBURGKREIS, year, 0.0))
    moved, _ = move(given_table, crosswalk, TARGET, kind="rate", reweight="population")
    small = crosswalk.sizes.loc[(used, EISENACH), "population"]
    large = crosswalk.sizes.loc[(used, WARTBURGKREIS), "population"]
    assert moved["value"].item() == pytest.approx(small / (small + large), rel=1e-15)


def test_hanau_counts_are_added_to_main_kinzig_kreis(crosswalk: Crosswalk) -> None:
    given_table = table((HANAU, 2025, 5_000.0, "provisional"), (MAIN_KINZIG, 2025, 8_000.0))
    moved, _ = move(given_table, crosswalk, TARGET, kind="count", reweight="population")
    assert as_dict(moved) == {(MAIN_KINZIG, 2025): (13_000.0, "provisional reform")}


def test_hanau_weights_never_mix_the_whole_kreis_with_its_part(crosswalk: Crosswalk) -> None:
    given_table = table((HANAU, 2020, 1.0), (MAIN_KINZIG, 2020, 0.0))
    moved, _ = move(given_table, crosswalk, TARGET, kind="rate", reweight="population")
    assert moved["value"].item() == pytest.approx(103_184 / (103_184 + 330_818), rel=1e-15)


def test_a_series_in_todays_borders_is_left_as_it_is(crosswalk: Crosswalk) -> None:
    given_table = table(("01001", 2019, 7.0), (WARTBURGKREIS, 2019, 4.0))
    moved, gaps = move(given_table, crosswalk, TARGET, kind="rate", reweight="population")
    assert as_dict(moved) == {("01001", 2019): (7.0, ""), (WARTBURGKREIS, 2019): (4.0, "")}
    assert gaps == []


def test_each_year_is_read_in_its_own_borders(crosswalk: Crosswalk) -> None:
    given_table = table((EISENACH, 2019, 9.0), (WARTBURGKREIS, 2019, 9.0), (WARTBURGKREIS, 2022, 4))
    moved, _ = move(given_table, crosswalk, TARGET, kind="rate", reweight="population")
    assert as_dict(moved) == {
        (WARTBURGKREIS, 2019): (pytest.approx(9.0), "reform"),
        (WARTBURGKREIS, 2022): (4.0, ""),
    }


def test_a_median_of_two_kreise_stays_a_gap(crosswalk: Crosswalk) -> None:
    given_table = table((EISENACH, 2019, 3000.0), (WARTBURGKREIS, 2019, 2500.0))
    moved, gaps = move(given_table, crosswalk, TARGET, kind="rate", reweight="none")
    assert moved.empty
    assert gaps == ["16063 2019: its parts cannot be joined (a median, or parts of unknown size)"]


@pytest.mark.parametrize("kind", ["rate", "count"])
def test_a_missing_member_leaves_a_gap(crosswalk: Crosswalk, kind: str) -> None:
    moved, gaps = move(
        table((EISENACH, 2019, 3.0)), crosswalk, TARGET, kind=kind, reweight="population"
    )
    assert moved.empty
    assert gaps == ["16063 2019: no value for its part 16063"]


def test_a_withheld_member_withholds_the_sum(crosswalk: Crosswalk) -> None:
    given_table = table((HANAU, 2025, np.nan, "withheld"), (MAIN_KINZIG, 2025, 8_000.0))
    moved, gaps = move(given_table, crosswalk, TARGET, kind="count", reweight="population")
    assert moved["value"].isna().all()
    assert moved["flag"].tolist() == ["reform withheld"]
    assert gaps == []


def test_a_split_shares_out_counts_and_leaves_rates_between_their_parts(
    crosswalk: Crosswalk,
) -> None:
    counts = table(("10090", 2006, 100.0), ("10001", 2006, 10.0), ("10002", 2006, 20.0))
    moved, _ = move(counts, crosswalk, TARGET, kind="count", reweight="population")
    assert as_dict(moved) == {
        ("10001", 2006): (10 + 0.3 * 100, "reform"),
        ("10002", 2006): (20 + 0.7 * 100, "reform"),
    }
    moved, _ = move(counts, crosswalk, TARGET, kind="rate", reweight="population")
    expected = (10 * 90_000 + 100 * 0.3 * 60_000) / (90_000 + 0.3 * 60_000)
    assert as_dict(moved)["10001", 2006] == (pytest.approx(expected, rel=1e-15), "reform")


def test_an_unknown_key_is_named(crosswalk: Crosswalk) -> None:
    with pytest.raises(SourceError, match=r"key 99999 is neither in the target .* nor in the"):
        move(table(("99999", 2019, 1.0)), crosswalk, TARGET, kind="rate", reweight="area")


def test_old_and_new_key_in_one_year_contradict_each_other() -> None:
    links = pd.DataFrame(
        [(2015, "03152", "03159", 1.0, 1.0), (2015, "03156", "03159", 1.0, 1.0)],
        columns=["status", "old", "new", "area_share", "population_share"],
    )
    merged = Crosswalk(links, make_crosswalk().sizes)
    both = table(("03152", 2016, 1.0), ("03156", 2016, 1.0), ("03159", 2016, 1.0))
    with pytest.raises(SourceError, match=r"key 03152 .* concern 03159"):
        move(both, merged, {"03159"}, kind="rate", reweight="population")
    moved, _ = move(both, merged, {"03159"}, kind="events", reweight="population")
    assert as_dict(moved) == {("03159", 2016): (3.0, "reform")}


def test_events_that_nobody_recorded_are_zero(crosswalk: Crosswalk) -> None:
    given_table = table((EISENACH, 2017, 15.0), ("01001", 2017, 13.0))
    moved, _ = move(given_table, crosswalk, TARGET, kind="events", reweight="population")
    assert as_dict(moved) == {
        (WARTBURGKREIS, 2017): (15.0, "reform"),
        ("01001", 2017): (13.0, ""),
        (MAIN_KINZIG, 2017): (0.0, ""),
        ("10001", 2017): (0.0, ""),
        ("10002", 2017): (0.0, ""),
    }


def test_a_class_survives_a_merger_only_where_all_parts_agree(crosswalk: Crosswalk) -> None:
    agree = pd.Series({EISENACH: 4, WARTBURGKREIS: 4, "01001": 1})
    assert merge_codes(agree, crosswalk, TARGET).to_dict() == {WARTBURGKREIS: 4, "01001": 1}
    differ = pd.Series({EISENACH: 2, WARTBURGKREIS: 4, "01001": 1})
    assert merge_codes(differ, crosswalk, TARGET).to_dict() == {"01001": 1}
    partial = pd.Series({EISENACH: 4, "01001": 1})
    assert merge_codes(partial, crosswalk, TARGET).to_dict() == {"01001": 1}


KEYS = [EISENACH, WARTBURGKREIS, HANAU, MAIN_KINZIG, "01001", "10090", "10001", "10002"]
amounts = st.floats(0, 1e6, allow_nan=False)


@given(values=st.lists(amounts, min_size=len(KEYS), max_size=len(KEYS)))
def test_counts_are_conserved(values: list[float]) -> None:
    rows = table(*[(key, 2019, value) for key, value in zip(KEYS, values, strict=True)])
    moved, gaps = move(rows, make_crosswalk(), TARGET, kind="count", reweight="population")
    assert gaps == []
    assert set(moved["region"]) == TARGET
    assert moved["value"].sum() == pytest.approx(sum(values), rel=1e-12, abs=1e-9)


@given(values=st.lists(amounts, min_size=len(KEYS), max_size=len(KEYS)))
@pytest.mark.parametrize("reweight", ["population", "area"])
def test_a_moved_rate_lies_between_its_parts(reweight: str, values: list[float]) -> None:
    rows = table(*[(key, 2019, value) for key, value in zip(KEYS, values, strict=True)])
    moved, _ = move(rows, make_crosswalk(), TARGET, kind="rate", reweight=reweight)
    old = dict(zip(KEYS, values, strict=True))
    parts = {
        WARTBURGKREIS: (EISENACH, WARTBURGKREIS), MAIN_KINZIG: (HANAU, MAIN_KINZIG),
        "10001": ("10090", "10001"), "10002": ("10090", "10002"), "01001": ("01001",),
    }  # fmt: skip
    for region, value in zip(moved["region"], moved["value"], strict=True):
        bounds = [old[key] for key in parts[region]]
        slack = 1e-9 * (1 + max(bounds))
        assert min(bounds) - slack <= value <= max(bounds) + slack


@given(
    values=st.lists(amounts, min_size=len(TARGET), max_size=len(TARGET)),
    kind=st.sampled_from(["rate", "count", "events"]),
)
def test_nothing_changes_where_nothing_was_reformed(values: list[float], kind: str) -> None:
    rows = table(*[(key, 2022, value) for key, value in zip(sorted(TARGET), values, strict=True)])
    moved, gaps = move(rows, make_crosswalk(), TARGET, kind=kind, reweight="population")
    assert gaps == []
    pd.testing.assert_frame_equal(moved, rows, check_dtype=False)


ROOT = Path(__file__).parents[2]
RAW = ROOT.parent / "shared" / "data"
needs_raw = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


@pytest.fixture(scope="module")
def official() -> Crosswalk:
    """Return the crosswalk of the BBSR with all later reforms."""
    return Crosswalk.load(RAW, ROOT / "data" / "definitions" / "kreise" / "reforms.csv")


def borders_of(crosswalk: Crosswalk, year: int) -> list[str]:
    links = crosswalk.links
    return sorted(links.loc[links["status"] == year, "old"].unique())


def today(crosswalk: Crosswalk) -> frozenset[str]:
    links = crosswalk.links
    return frozenset(links.loc[links["status"] == 2020, "new"])


@needs_raw
@pytest.mark.parametrize("year", [1990, 1997, 2007, 2016])
def test_counts_of_every_year_add_up_to_the_same_country(official: Crosswalk, year: int) -> None:
    keys, target = borders_of(official, year), today(official)
    rows = table(*[(key, year, float(n)) for n, key in enumerate(keys, start=1)])
    for reweight in ("area", "population", *(["employees"] if year >= 1997 else [])):
        moved, gaps = move(rows, official, target, kind="count", reweight=reweight)
        assert gaps == []
        assert set(moved["region"]) == target
        assert moved["value"].sum() == pytest.approx(rows["value"].sum(), rel=1e-12)


@needs_raw
@pytest.mark.parametrize("reweight", ["area", "population", "employees"])
def test_a_rate_that_is_the_same_everywhere_stays_the_same(
    official: Crosswalk, reweight: str
) -> None:
    for year in (1997, 2018):
        rows = table(*[(key, year, 7.25) for key in borders_of(official, year)])
        moved, gaps = move(rows, official, today(official), kind="rate", reweight=reweight)
        assert gaps == []
        assert moved["value"].to_numpy() == pytest.approx(7.25, rel=1e-12)


@needs_raw
def test_a_rate_and_its_counts_take_the_same_way(official: Crosswalk) -> None:
    """Employees per employee of the old Kreise, moved as a rate, is what the moved counts give."""
    year, target = 2007, today(official)
    size = official.sizes["employees"].xs(year, level="year")
    share = pd.Series(np.linspace(1, 30, len(size)), index=size.index)
    below = table(*[(key, year, value) for key, value in size.items()])
    above = table(*[(key, year, value) for key, value in (share * size).items()])
    rates = table(*[(key, year, value) for key, value in share.items()])
    counts = [
        move(one, official, target, kind="count", reweight="employees")[0].set_index("region")
        for one in (above, below)
    ]
    moved, _ = move(rates, official, target, kind="rate", reweight="employees")
    expected = counts[0]["value"] / counts[1]["value"]
    assert moved.set_index("region")["value"].to_numpy() == pytest.approx(
        expected.to_numpy(), rel=1e-9
    )


@needs_raw
def test_cut_and_joined_again_gives_what_was_there(official: Crosswalk) -> None:
    """Counts of today's Kreise, put back to the borders of 1993 and moved again, come out equal."""
    target, links = today(official), official.links
    whole = links[(links["status"] == 1993) & (links["population_share"] == 1)]
    merged = whole[whole["new"].isin(target) & (whole["area_share"] == 1)]
    pure = merged.groupby("new").filter(
        lambda part: (
            len(part) == len(links[(links["status"] == 1993) & links["new"].isin(part["new"])])
        )
    )
    parts = pure.assign(count=pure.groupby("new")["old"].transform("size"))
    rows = table(
        *[(old, 1993, 100.0 / n) for old, n in zip(parts["old"], parts["count"], strict=True)]
    )
    kept = frozenset(pure["new"])
    moved, _ = move(rows, official, kept, kind="count", reweight="population")
    assert set(moved["region"]) == kept
    assert moved["value"].to_numpy() == pytest.approx(100.0, rel=1e-12)
    assert len(kept) > 250


@needs_raw
def test_rates_by_employees_of_times_without_employees_take_the_first_known(
    official: Crosswalk,
) -> None:
    year = 2020
    rows = table((EISENACH, year, 10.0), (WARTBURGKREIS, year, 4.0))
    moved, _ = move(
        rows, official, frozenset({WARTBURGKREIS}), kind="rate", reweight="employees"
    )  # fmt: skip
    expected = (10 * 21_800 + 4 * 40_000) / (21_800 + 40_000)
    assert moved["value"].item() == pytest.approx(expected, rel=1e-12)


def test_recent_reforms_need_no_file_of_the_publisher() -> None:
    recent = Crosswalk.recent(ROOT / "data" / "definitions" / "kreise" / "reforms.csv")
    rows = table((HANAU, 2026, 5_000.0), (MAIN_KINZIG, 2026, 8_000.0))
    for reweight in ("population", "area", "employees"):
        moved, _ = move(rows, recent, {MAIN_KINZIG}, kind="count", reweight=reweight)
        assert as_dict(moved) == {(MAIN_KINZIG, 2026): (13_000.0, "reform")}
    moved, gaps = move(rows, recent, {MAIN_KINZIG}, kind="rate", reweight="employees")
    assert moved.empty
    assert gaps == [
        f"{MAIN_KINZIG} 2026: its parts cannot be joined (a median, or parts of unknown size)"
    ]
