"""What reports share does not depend on the region, and survives the way to other processes."""

from __future__ import annotations

import pickle

from views.report.background import telling


def test_time_lines_are_one_long_series_per_layer(scores):
    keys = telling(scores)
    layers = [scores.dataset.catalogue.layer_of[key] for key in keys]
    assert len(set(layers)) == len(layers) >= 5
    values = scores.dataset.values
    for key in keys:
        assert values.loc[values["indicator"] == key, "year"].nunique() >= 8


def test_it_can_be_handed_to_another_process(german):
    again = pickle.loads(pickle.dumps(german))  # noqa: S301 -- our own
    assert again.order == german.order
    assert again.without.equals(german.without)


def test_neighbours_are_mutual(german):
    assert "07314" in german.borders["07338"]
    assert german.borders["01055"]


def test_a_dataset_without_boundaries_has_neither_map_nor_neighbours(little):
    assert little.locator is None
    assert little.borders == {}
