"""Whether supply kept pace: means at either end, a stated level, nothing without enough years."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services import BEDS, GPS, REGIONS, SEEKERS, dataset

from layers import RecipeError
from layers.study.strain import standing
from layers.study.strain_pace import pace

YEARS = range(2011, 2018)


def steps(*values):
    """Every region has the same course, region k times 2 to the power of k."""
    return {year: [value * 2**k for k in range(len(REGIONS))]
            for year, value in zip(YEARS, values, strict=False)}  # fmt: skip


def found(supply, arrived, region="a", year=None, indicator=GPS):
    tables = {GPS: {2011: [1.0] * len(REGIONS)}, indicator: supply, SEEKERS: arrived}
    data = dataset(tables)
    return pace(data, region, standing(data).service("doctors"), SEEKERS, year=year)


def test_the_means_of_three_years_at_either_end_are_compared():
    row = found(steps(6, 7, 8, 0, 9, 9, 12), steps(1, 2, 3, 4, 4, 5, 9)).loc[GPS]
    assert (row["first"], row["first_end"], row["last_begin"], row["last"]) == (
        2011, 2013, 2015, 2017)  # fmt: skip
    assert (row["supply_before"], row["supply_after"]) == ((6 + 7 + 8) / 3, (9 + 9 + 12) / 3)
    assert (row["newcomers_before"], row["newcomers_after"]) == (2, (4 + 5 + 9) / 3)
    # Region k changes by 2^k times as much; the fourth of seven is in the middle.
    assert row["supply_median"] == pytest.approx(8 * (10 - 7))
    assert row["newcomers_median"] == pytest.approx(8 * (6 - 2))
    assert row["pace"] == "kept"


@pytest.mark.parametrize(
    ("last", "way", "verdict"),
    [(106, 1, "kept"), (105, 0, "kept"), (95, 0, "kept"), (94, -1, "fell_behind")],
)
def test_up_to_five_per_cent_is_no_change(last, way, verdict):
    row = found(steps(100, 100, 100, last, last, last), steps(1, 1, 1, 2, 2, 2)).loc[GPS]
    assert (row["supply_way"], row["newcomers_way"], row["pace"]) == (way, 1, verdict)


@pytest.mark.parametrize("last", [1, 0.5])
def test_without_more_newcomers_there_is_no_verdict(last):
    row = found(steps(9, 9, 9, 1, 1, 1), steps(1, 1, 1, last, last, last)).loc[GPS]
    assert row["pace"] == "no_rise"


def test_fewer_than_six_common_years_say_nothing():
    assert found(steps(1, 2, 3, 4, 5), steps(1, 2, 3, 4, 5, 6, 7)).empty
    assert found(steps(*range(7)), steps(*range(7)), year=2015).empty
    assert list(found(steps(1), steps(1)).columns)[:4] == [
        "first", "first_end", "last_begin", "last"]  # fmt: skip


def test_years_that_lack_one_side_are_no_common_years():
    supply = steps(1, 2, 3, 4, 5, 6, 7)
    supply[2012][0] = float("nan")
    row = found(supply, steps(1, 2, 3, 4, 5, 6, 7)).loc[GPS]
    assert (row["first"], row["first_end"]) == (2011, 2014)
    assert row["supply_before"] == (1 + 3 + 4) / 3


def test_less_of_a_measure_that_runs_the_other_way_is_more_supply():
    rents = {"vacancy_rate": {2011: [1.0] * len(REGIONS)}, "rent_level": steps(9, 9, 9, 6, 6, 6),
             SEEKERS: steps(1, 1, 1, 2, 2, 2)}  # fmt: skip
    data = dataset(rents)
    table = pace(data, "a", standing(data).service("housing"), SEEKERS)
    assert list(table.index) == ["rent_level"]
    assert table.index.name == "indicator"
    assert (table["supply_way"].item(), table["pace"].item()) == (1, "kept")


def test_years_that_were_counted_otherwise_are_left_out():
    children = "foreign_origin_children_in_childcare"
    years = {year: [30.0] * len(REGIONS) for year in range(2008, 2017)}
    data = dataset({"childcare_3_to_5": years, children: years})
    table = pace(data, "a", standing(data).service("childcare"), children)
    assert table["first"].item() == 2010


def test_beside_practitioners_other_measures_of_the_service_are_told():
    table = found(steps(5, 5, 5, 5, 5, 5), steps(1, 1, 1, 2, 2, 2), indicator=BEDS)
    assert list(table.index) == [BEDS]


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 100), st.lists(st.floats(1, 50), min_size=6, max_size=7))
def test_the_unit_of_a_measure_changes_no_verdict(factor, values):
    arrived = steps(1, 1, 1, 2, 2, 2)
    plain = found(steps(*values), arrived).loc[GPS]
    other = found(steps(*(factor * value for value in values)), arrived).loc[GPS]
    # Exactly at the level, rounding may decide.
    change = abs(plain["supply_after"] - plain["supply_before"]) / plain["supply_before"]
    if abs(change - 0.05) > 1e-9:
        assert plain["pace"] == other["pace"]


def test_an_unknown_region_is_named():
    with pytest.raises(RecipeError, match="unknown region 'z'; keys look like 'a'"):
        found(steps(1), steps(1), region="z")
