from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from layers.changes import compare

if TYPE_CHECKING:
    from layers.dataset import Dataset


def changed(toy: Dataset, region: str, indicator: str, value: float | None) -> Dataset:
    values = toy.values.copy()
    hit = (values["region"] == region) & (values["indicator"] == indicator)
    values.loc[hit, "value"] = value
    return replace(toy, values=values)


def test_a_dataset_does_not_differ_from_itself(toy: Dataset) -> None:
    changes = compare(toy, toy)
    assert not changes
    assert changes.largest.empty


def test_values_added_removed_and_changed_are_counted(toy: Dataset) -> None:
    after = changed(changed(toy, "A1", "fertility", 1.0), "B2", "songs", None)
    counts = compare(toy, after).indicators
    assert counts.loc["fertility", ["added", "removed", "changed"]].tolist() == [0, 0, 1]
    assert counts.loc["songs", ["added", "removed", "changed"]].tolist() == [0, 1, 0]
    assert compare(after, toy).indicators.loc["songs", "added"] == 1


def test_the_largest_difference_is_large_for_its_indicator_not_for_its_unit(toy: Dataset) -> None:
    # Quarrels: quartiles 100 and 225; fertility: 3.75 and 10.
    after = changed(changed(toy, "A1", "quarrels", 110.0), "A1", "fertility", 3.0)
    largest = compare(toy, after).largest
    assert largest["indicator"].tolist() == ["fertility", "quarrels"]
    assert largest["size"].tolist() == [3 / (10 - 3.75), 10 / (225 - 100)]
    assert len(compare(toy, after, largest=1).largest) == 1


def test_where_all_values_were_equal_any_difference_is_large(toy: Dataset) -> None:
    level = toy.values.copy()
    level.loc[level["indicator"] == "songs", "value"] = 1.0
    before = replace(toy, values=level)
    assert compare(before, changed(before, "A1", "songs", 2.0)).largest["size"].tolist() == [
        float("inf")
    ]


def test_regions_and_years_that_only_one_version_has(toy: Dataset) -> None:
    rows = toy.values
    later = rows[rows["indicator"] == "songs"].assign(year=2022)
    after = replace(
        toy, values=pd.concat([rows, later]), regions=toy.regions.drop(index="D4")
    )  # fmt: skip
    changes = compare(toy, after)
    assert changes.regions == ("D4",)
    assert changes.indicators.loc["songs", ["newest_before", "newest_after"]].tolist() == [
        2021, 2022,
    ]  # fmt: skip
