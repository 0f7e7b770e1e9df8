"""Figures of regions from distances of cells, against plain arithmetic."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access.summary import summary

row = st.tuples(st.sampled_from(["01", "02", "03"]), st.integers(1, 50), st.integers(0, 40))


def given_cells(rows):
    region, people, distance = zip(*rows, strict=True)
    return pd.DataFrame({"people": people}), np.array(distance, float), np.array(region)


def test_people_weigh_and_a_cell_at_the_limit_is_within():
    rows = [("01", 30, 2), ("01", 10, 10), ("01", 60, 5), ("02", 7, 21)]
    found = summary(*given_cells(rows))
    assert found.index.tolist() == ["01", "02"]
    assert found.loc["01"].to_dict() == pytest.approx(
        {
            "people": 100, "km_mean": (30 * 2 + 10 * 10 + 60 * 5) / 100, "km_median": 5,
            "share_within_5km": 90, "share_within_10km": 100, "share_within_20km": 100,
        }
    )  # fmt: skip
    assert found.loc["02", "share_within_20km"] == 0


def test_half_of_the_people_live_no_farther_than_the_median():
    rows = [("01", 50, 1), ("01", 50, 9)]
    assert summary(*given_cells(rows)).loc["01", "km_median"] == 1


@settings(max_examples=20)
@given(st.lists(row, min_size=1, max_size=40))
def test_it_is_what_every_single_person_would_give(rows):
    found = summary(*given_cells(rows), within=(7.5,))
    for region in {one[0] for one in rows}:
        person = np.sort([km for key, count, km in rows if key == region for _ in range(count)])
        line = found.loc[region]
        assert line["people"] == len(person)
        assert line["km_mean"] == pytest.approx(person.mean())
        assert line["km_median"] == person[(len(person) - 1) // 2]
        assert line["share_within_7.5km"] == pytest.approx(100 * (person <= 7.5).mean())


@settings(max_examples=10)
@given(st.lists(row, min_size=1, max_size=20), st.randoms())
def test_order_of_cells_does_not_matter(rows, random):
    other = rows.copy()
    random.shuffle(other)
    pd.testing.assert_frame_equal(summary(*given_cells(rows)), summary(*given_cells(other)))


def test_cells_without_region_people_or_distance_count_nowhere():
    rows = [("01", 10, 4), ("", 99, 1), ("01", 0, 1), ("01", 5, np.nan), ("02", 5, np.nan)]
    found = summary(*given_cells(rows))
    assert found["people"].to_dict() == {"01": 10}
    assert found.loc["01", "km_mean"] == 4
