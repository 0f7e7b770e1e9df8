"""What stands for a service: read whole, and shown only where the data suffice."""

from __future__ import annotations

import pytest

from layers import Dataset, paths
from layers.study.strain_services import newcomers, services

CHILDCARE = {"childcare_3_to_5", "protection_seekers_share"}


def _known():
    return Dataset.open(paths.data_folder() / "kreise").catalogue.indicator_by_id


def test_every_measure_is_an_indicator_of_the_embedded_dataset():
    assert len(services(_known())) == 4
    assert all(one.gap.de and one.gap.en for one in services(_known()))


def test_a_service_keeps_the_measures_that_are_known():
    (one,) = services(CHILDCARE)
    assert (one.id, one.indicators) == (
        "childcare",
        ["childcare_3_to_5", "protection_seekers_share"],
    )


@pytest.mark.parametrize("missing", sorted(CHILDCARE))
def test_without_either_side_there_is_no_service(missing):
    assert services(CHILDCARE - {missing}) == ()


def test_without_the_measure_that_the_words_are_about_there_is_no_service():
    assert services({"childcare_under_3", "protection_seekers_share"}) == ()


def test_newcomers_are_spoken_of_in_both_languages():
    for one in services(_known()):
        for key in one.newcomers:
            assert newcomers(key).high.de != newcomers(key).high.en
