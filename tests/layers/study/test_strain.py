"""Services beside newcomers: places that anybody can count, gaps that stay gaps."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services import BEDS, BENEFITS, GPS, REGIONS, SEEKERS, dataset

from layers import Dataset, RecipeError, paths
from layers.study.strain import (
    THIRDS,
    agreement,
    counts,
    measures,
    percentiles,
    standing,
    thirds,
    usual,
)

NAN = float("nan")
COLUMNS = [
    "service", "side", "indicator", "year", "value", "percentile", "third", "regions", "flag",
    "far",
]  # fmt: skip


def frame(*values):
    return pd.DataFrame({"x": pd.Series(values, dtype="float64")})


#: Seven regions: b has no doctors counted, g no protection seekers.
DOCTORS = {
    GPS: {2020: [1, NAN, 3, 4, 5, 6, 7]},
    BEDS: {2019: [7, 6, 5, 4, 3, 2, 1]},
    SEEKERS: {2020: [9, 1, 2, 3, 4, 5, NAN]},
    BENEFITS: {2021: [1, 1, 2, 2, 3, 3, 90]},
}


def test_a_percentile_counts_the_others_with_less_and_half_of_the_equals():
    found = percentiles(frame(1, 2, 2, 5, NAN))["x"].tolist()
    assert found[:4] == [0, 100 * (1 + 1 / 2) / 3, 100 * (1 + 1 / 2) / 3, 100]
    assert np.isnan(found[4])


def test_of_two_regions_one_has_least_and_the_other_most():
    assert percentiles(frame(2, 1))["x"].tolist() == [100, 0]
    assert thirds(frame(2, 1))["x"].tolist() == ["high", "low"]


def test_a_region_alone_has_no_place():
    assert percentiles(frame(3, NAN)).isna().all(axis=None)
    assert thirds(frame(3, NAN)).isna().all(axis=None)


def test_a_value_at_a_bound_of_the_thirds_is_in_the_middle():
    # Of four, the second stands at exactly 1/3, the third at exactly 2/3.
    assert thirds(frame(1, 2, 3, 4))["x"].tolist() == ["low", "middle", "middle", "high"]
    assert thirds(frame(2, 2, 2))["x"].tolist() == ["middle"] * 3


@settings(max_examples=40)
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=12))
def test_thirds_are_those_of_exact_arithmetic(values):
    others = len(values) - 1
    for value, third in zip(values, thirds(frame(*values))["x"], strict=True):
        below = sum(one < value for one in values)
        place = Fraction(2 * below + values.count(value) - 1, 2 * others)
        assert third == ("low" if place < Fraction(1, 3) else
                         "high" if place > Fraction(2, 3) else "middle")  # fmt: skip


def test_more_supply_is_a_higher_place_whichever_way_a_measure_runs():
    rents = {"vacancy_rate": {2022: [1, 2, 3, 4, 5, 6, 7]},
             "rent_level": {2022: [5, 6, 7, 8, 9, 10, 11]}, SEEKERS: DOCTORS[SEEKERS]}  # fmt: skip
    found = standing(dataset(rents))
    assert found.percentiles.loc["a", ["vacancy_rate", "rent_level"]].tolist() == [0, 100]
    assert found.values.loc["a", "rent_level"] == 5


def test_a_place_knows_year_value_third_and_how_many_are_compared():
    marked = dataset(DOCTORS)
    counted = marked.values["indicator"] == SEEKERS
    values = marked.values.assign(flag=np.where(counted, "estimated", ""))
    found = standing(dataclasses.replace(marked, values=values))
    rows = [
        ["doctors", "supply", GPS, 2020, 6, 100 * 4 / 5, "high", 6, "", False],
        ["doctors", "supply", BEDS, 2019, 2, 100 * 1 / 6, "low", 7, "", False],
        ["doctors", "newcomers", SEEKERS, 2020, 5, 100 * 4 / 5, "high", 6, "estimated", False],
        ["doctors", "newcomers", BENEFITS, 2021, 3, 100 * (4 + 1 / 2) / 6, "high", 7, "", False],
    ]
    table = measures(found, "f")
    assert table.to_numpy().tolist() == rows
    assert list(table) == COLUMNS
    assert measures(found, "g")["far"].tolist() == [False, False, False, True]


def test_a_gap_stays_a_gap_and_gives_no_place():
    found = standing(dataset(DOCTORS))
    row = measures(found, "b").set_index("indicator").loc[GPS]
    assert np.isnan(row["percentile"])
    assert row["third"] == ""
    assert agreement(found, "b", "doctors", SEEKERS) == (0, 0)


def test_without_the_usual_measure_of_newcomers_the_next_stands_in():
    found = standing(dataset(DOCTORS))
    service = found.service("doctors")
    assert usual(found, "a", service) == SEEKERS
    assert usual(found, "g", service) == BENEFITS
    neither = {SEEKERS: {2020: [*range(6), NAN]}, BENEFITS: {2021: [*range(6), NAN]}}
    assert usual(standing(dataset(DOCTORS | neither)), "g", service) == SEEKERS


def test_pairs_that_agree_are_counted():
    # a: few practitioners, many beds; many protection seekers, few with benefits.
    found = standing(dataset(DOCTORS))
    assert agreement(found, "a", "doctors", SEEKERS) == (1, 4)


def test_fields_hold_every_region_with_both_values_once():
    found = standing(dataset(DOCTORS))
    fields = counts(found, GPS, SEEKERS)
    assert set(fields) == {(a, b) for a in THIRDS for b in THIRDS}
    assert sum(fields.values()) == len(REGIONS) - len("bg")
    assert fields["low", "high"] >= 1


def test_far_above_the_usual_is_said_of_newcomers_only():
    # Quartiles of the benefits are 1.5 and 3: the fence stands at 3 + 3 * 1.5.
    found = standing(dataset(DOCTORS | {BEDS: DOCTORS[BENEFITS]}))
    assert found.far[BENEFITS].tolist() == [
        value > 3 + 3 * 1.5 for value in DOCTORS[BENEFITS][2021]
    ]
    assert not found.far[[GPS, BEDS]].any(axis=None)
    at_the_fence = DOCTORS | {BENEFITS: {2021: [1, 1, 2, 2, 3, 3, 7.5]}}
    assert not standing(dataset(at_the_fence)).far[BENEFITS].any()


def test_an_earlier_year_takes_the_values_of_that_time():
    tables = DOCTORS | {GPS: DOCTORS[GPS] | {2015: [7, 6, 5, 4, 3, 2, 1]}}
    assert standing(dataset(tables)).years[GPS] == 2020
    with pytest.raises(RecipeError, match="none, the dataset has no such data"):
        standing(dataset(tables), 2015).service("doctors")


def test_a_dataset_without_such_measures_has_no_services(toy):
    found = standing(toy)
    assert found.services == ()
    table = measures(found, toy.regions.index[0])
    assert table.empty
    assert list(table) == COLUMNS


def test_an_unknown_region_or_service_is_named():
    found = standing(dataset(DOCTORS))
    with pytest.raises(RecipeError, match="unknown region 'z'; keys look like 'a'"):
        measures(found, "z")
    with pytest.raises(RecipeError, match="'schools' cannot be shown; there are: doctors"):
        found.service("schools")


def test_the_embedded_dataset_has_all_services_and_marks_the_known_reception_centres():
    kreise = Dataset.open(paths.data_folder() / "kreise")
    found = standing(kreise)
    assert [one.id for one in found.services] == ["childcare", "schools", "doctors", "housing"]
    far = found.far[BENEFITS]
    assert set(far.index[far]) >= {"07211", "06531", "01004"}  # Trier, Gießen, Neumünster
    turned = dataclasses.replace(kreise, regions=kreise.regions.iloc[::-1])
    other = standing(turned).percentiles.reindex(found.percentiles.index)
    pd.testing.assert_frame_equal(other, found.percentiles)
