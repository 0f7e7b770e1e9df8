"""Many people at once: they arrive, act with pauses, and leave; what they found is counted."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import httpx

from tests.load.person import Person
from tests.load.tab import PATIENCE, Tab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from layers import Dataset

#: Pause between two actions in seconds: somebody looks at the map, reads, decides.
THINK = (5.0, 10.0)
#: Sessions that come and go at the same time.
TOGETHER = 6


@asynccontextmanager
async def crowd(
    addresses: str | Sequence[str], count: int, dataset: Dataset, *, within: float = 0.0,
    seed: int = 0,
) -> AsyncIterator[list[Person]]:  # fmt: skip
    """Let `count` people arrive within some seconds; they leave at the end.

    Parameters
    ----------
    addresses : str or sequence of str
        Where they go; if there are several, one after the other in turn.
    """
    async with AsyncExitStack() as stack:
        people = [
            await stack.enter_async_context(_person(addresses, n, dataset, 1000 * seed + n))
            for n in range(count)
        ]

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
    addresses: str | Sequence[str], count: int, dataset: Dataset, *, seed: int,
    until: float = float("inf"),
) -> list[Person]:  # fmt: skip
    """Let people come, move a slider and go, a few at a time; returns those who were there.

    Parameters
    ----------
    until : float
        Time of the event loop after which nobody comes any more.
    """
    waiting = iter(range(count))
    came: list[Person] = []
    loop = asyncio.get_running_loop()

    async def door() -> None:
        for number in waiting:
            if loop.time() > until:
                return
            async with _person(addresses, number, dataset, 1000 * seed + number) as person:
                came.append(person)
                await person.arrive()
                if not person.samples[0].fault:
                    await person.do("move a slider")
                await person.tab.close()

    await asyncio.gather(*(door() for _ in range(TOGETHER)))
    return came


@asynccontextmanager
async def _person(
    addresses: str | Sequence[str], number: int, dataset: Dataset, seed: int
) -> AsyncIterator[Person]:
    """Somebody with a browser of their own, which keeps cookies until they are gone."""
    places = (addresses,) if isinstance(addresses, str) else addresses
    async with httpx.AsyncClient(timeout=PATIENCE, verify=_trust()) as client:
        # Chance, not secrets: the same people do the same every time.
        yield Person(Tab(places[number % len(places)], client), Random(seed), dataset)  # noqa: S311


@cache
def _trust() -> ssl.SSLContext:
    """Read the certificates of this machine once, and not for each person."""
    return ssl.create_default_context()
