"""The statistics beside a field."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import Dataset
from layers.catalogue import Text
from layers.errors import SelfCheckError
from layers.lenses import Lens
from layers.paths import data_folder
from layers.selfcheck.context import LENS, context
from layers.selfcheck.statements import fields

GROUPS = [{"id": one.group, "name": one.name} for one in fields()]


@pytest.fixture
def lensed(toy):
    """Let soil and songs stand for work; quarrels, of which fewer are better, for health."""
    groups = [dict(one) for one in GROUPS]
    groups[1]["indicators"], groups[3]["indicators"] = ["fertility", "songs"], ["quarrels"]
    lens = Lens(id=LENS, name=Text(de="F", en="F"), source=Text(de="Q", en="Q"), group=groups)
    toy_with = Dataset.open(toy.path)
    toy_with.lenses[LENS] = lens
    return toy_with


def test_place_and_median_heed_the_direction(lensed):
    found = context(lensed, "A1").set_index("indicator")
    values = lensed.select().values
    for key, sign in (("fertility", 1), ("quarrels", -1)):
        known, row = values[key].dropna(), found.loc[key]
        own = known["A1"]
        assert row["rank"] == 1 + sum(sign * one > sign * own for one in known)
        assert row["better"] == sum(sign * one < sign * own for one in known) / (len(known) - 1)
        assert row["median"] == known.median()
        assert (row["regions"], row["value"]) == (len(known), own)
    assert list(found["field"]) == ["work", "work", "health"]
    assert pd.isna(found.loc["songs", "rank"])


def test_a_dataset_without_the_grouping_has_no_statistics_and_says_nothing_wrong(toy):
    assert context(toy, "B2").empty
    with pytest.raises(SelfCheckError, match="'ZZ' is not in toy@1"):
        context(toy, "ZZ")


def test_every_field_but_governance_has_statistics_of_the_kreise():
    found = context(Dataset.open(data_folder() / "kreise"), "09477")
    assert set(found["field"]) == {"work", "education", "health", "housing"}
    assert found["rank"].dropna().between(1, 400).all()
    assert pd.notna(found["median"]).all()
