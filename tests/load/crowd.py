"""Many people at once: they arrive, act with pauses, and leave; what they found is counted."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING

import httpx

from tests.load.person import Person
from tests.load.tab import PATIENCE, Tab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from layers import Dataset

#: Pause between two actions in seconds: somebody looks at the map, reads, decides.
THINK = (5.0, 10.0)
#: Sessions that come and go at the same time.
TOGETHER = 6


@asynccontextmanager
async def crowd(
    address: str, count: int, dataset: Dataset, *, within: float = 0.0, seed: int = 0
) -> AsyncIterator[list[Person]]:
    """Let `count` people arrive within some seconds; they leave at the end."""
    limits = httpx.Limits(max_connections=4 * count + 10)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        people = [_person(address, client, dataset, 1000 * seed + n) for n in range(count)]

        async def arrive(number: int, person: Person) -> None:
            await asyncio.sleep(within * number / count)
            await person.arrive()

        await asyncio.gather(*(arrive(*one) for one in enumerate(people)))
        try:
            yield people
        finally:
            await asyncio.gather(*(one.tab.close() for one in people))


async def stay(people: list[Person], seconds: float, think: tuple[float, float] = THINK) -> None:
    """Let them act for a while."""
    await asyncio.gather(*(one.stay(seconds, think) for one in people))


async def come_and_go(
    address: str, count: int, dataset: Dataset, *, seed: int, until: float = float("inf")
) -> list[Person]:
    """Let people come, move a slider and go, a few at a time; returns those who were there.

    Parameters
    ----------
    until : float
        Time of the event loop after which nobody comes any more.
    """
    waiting = iter(range(count))
    came: list[Person] = []
    loop = asyncio.get_running_loop()

    async def door(client: httpx.AsyncClient) -> None:
        for number in waiting:
            if loop.time() > until:
                return
            person = _person(address, client, dataset, 1000 * seed + number)
            came.append(person)
            await person.arrive()
            if not person.samples[0].fault:
                await person.do("move a slider")
            await person.tab.close()

    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        await asyncio.gather(*(door(client) for _ in range(TOGETHER)))
    return came


def _person(address: str, client: httpx.AsyncClient, dataset: Dataset, seed: int) -> Person:
    # Chance, not secrets: the same people do the same every time.
    return Person(Tab(address, client), Random(seed), dataset)  # noqa: S311
