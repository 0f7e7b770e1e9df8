"""What the list of sources says of the embedded dataset must be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.dataset import Dataset
from layers.sources.fetch.supply import Supply, supplies

DATA = Path(__file__).parents[4] / "data"
DEFINITIONS = DATA / "definitions" / "kreise"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.open(DATA / "kreise")


@pytest.fixture(scope="module")
def listed(dataset: Dataset) -> dict[str, Supply]:
    return {one.key: one for one in supplies(DEFINITIONS, dataset)}


def test_every_indicator_is_fed_by_the_sources_its_values_name(
    dataset: Dataset, listed: dict[str, Supply]
) -> None:
    pairs = dataset.values[["indicator", "source"]].drop_duplicates().astype("str")
    usual = {key: one.source for key, one in dataset.catalogue.indicator_by_id.items()}
    for key, named in pairs.itertuples(index=False):
        assert key in listed[named or usual[key]].feeds, (key, named)


def test_every_source_of_the_dataset_is_listed_with_its_edition(
    dataset: Dataset, listed: dict[str, Supply]
) -> None:
    # The grid came with the program; it is no file of an update.
    assert set(dataset.sources) - set(listed) == {"zensus2011_grid"}
    for key, source in dataset.sources.items():
        if key in listed:
            assert (listed[key].held, listed[key].title) == (source.edition, source.title)


def test_each_source_has_a_name_and_a_way_to_it(listed: dict[str, Supply]) -> None:
    for one in listed.values():
        assert one.title.de, one.key
        assert one.publisher, one.key
        assert one.addresses if one.way != "by_hand" else one.by_hand.de, one.key
    assert listed["regionalstatistik"].way == "account"
    assert (listed["inkar2025"].way, listed["inkar2025"].newer) == ("online", True)
    assert listed["bkg_vg1000"].frame == ("boundaries",)


def test_two_files_of_one_table_are_called_after_it_and_their_address_stands_once(
    listed: dict[str, Supply],
) -> None:
    one = listed["inkar_wizard"]
    assert one.title.de == "INKAR, Schnittstelle der Webseite: Bruttoinlandsprodukt"
    assert one.addresses == ("inkar.de 11",)
    assert len(one.places) == 2
