"""A short run of what `python -m tests.load` does at length, and what its people would notice."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest

from layers import Dataset
from layers.paths import data_folder
from tests.load import truth
from tests.load.crowd import come_and_go, crowd
from tests.load.person import Seen, Wish
from tests.load.server import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc")

PEOPLE = 3
#: What each of them does; the first slider leaves the preset, which its answer says.
DOING = ("move two sliders", "undo", "change the language", "select a Kreis")
#: Seconds for which the server keeps a closed session in this test.
FORGET = 0.5


@pytest.fixture(scope="module")
def dataset():
    return Dataset.open(data_folder() / "kreise")


async def _visit(address, dataset):
    async with crowd(address, PEOPLE, dataset, seed=7) as people:
        await asyncio.gather(*(_busy(one) for one in people))
        return people


async def _busy(person):
    for name in DOING:
        if person._can(name):
            await person.do(name)


def test_people_at_once_see_their_own_weights_and_their_memory_is_given_back(dataset):
    with serving(forget=FORGET) as server:
        people = asyncio.run(_visit(server.address, dataset))
        time.sleep(2 * FORGET)
        # Closed sessions are looked through when another one comes.
        asyncio.run(come_and_go(server.address, 1, dataset, seed=9))
        assert server.tidy() <= 1
        assert server.faults() == []
    assert [one for person in people for one in person.samples if one.fault] == []
    assert len({person.wish.weights for person in people}) == PEOPLE
    seen = [one for person in people for one in person.seen]
    assert seen
    assert truth.wrong(seen, dataset) == []


def test_a_table_of_somebody_else_is_noticed(dataset):
    mine, other = (Wish().weighing("housing", weight) for weight in (2.0, 3.0))
    table = truth.table_of(other, dataset)
    shown = Seen(mine, *(tuple(table[column]) for column in ("region", "rank", "score")))
    (said,) = truth.wrong([shown], dataset)
    assert "another order" in said or "other values" in said
