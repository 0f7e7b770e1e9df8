"""Measure the app under load: ``python -m tests.load`` (about fifteen minutes; see `main`).

First one process serves everybody, then two do, one for each core.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from typing import TYPE_CHECKING

from layers import Dataset
from layers.paths import data_folder
from tests.load import truth
from tests.load.browsers import openings
from tests.load.crowd import THINK, come_and_go, crowd, stay
from tests.load.report import TRIP, Measured, Stage, share, write
from tests.load.server import Server, serving, spent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.load.person import Person

#: Sessions at once, and seconds that each crowd stays.
CROWDS = {1: 20, 10: 45, 50: 90}
#: The same for several processes, which are there for the many.
CROWDS_OF_SEVERAL = {10: 30, 50: 90}
#: Seconds that the many stay while new browsers open the app, and how often one does.
MEANWHILE, BROWSERS = 45, 3
#: Minutes after which a measurement ends at the latest, for one process and for several.
MINUTES, MINUTES_OF_SEVERAL = 9.0, 6.0
#: Pauses with which it is tried how far one process goes, and seconds for each.
RAMP, RAMP_STAY = ((3.0, 6.0), (2.0, 4.0), (1.0, 2.0), (0.5, 1.0)), 20
#: Sessions that come and go before the first and the second weighing. Streamlit keeps up to 128
#: closed ones for a while, which the first have to fill.
FLOW = (140, 100)
#: Sessions that fill what all share before anything is weighed, for each process.
FIRST = 5


def main() -> None:
    """Run all stages, write ``results.md``, and fail if anything was lost, mixed up or an error."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load", description=str(__doc__).partition("\n")[0]
    )
    parser.add_argument(
        "--processes", type=int, nargs="+", default=[1, 2], metavar="N",
        help="processes that serve together; a table for each number (1 2)",
    )  # fmt: skip
    parser.add_argument("--minutes", type=float, help="end each table at the latest after these")
    parser.add_argument("--people", type=int, nargs="+", help="sessions at once, for a trial")
    given = parser.parse_args()
    tables = []
    for count in given.processes:
        limit = given.minutes or (MINUTES if count == 1 else MINUTES_OF_SEVERAL)
        crowds = CROWDS if count == 1 else CROWDS_OF_SEVERAL
        if given.people:
            crowds = dict.fromkeys(given.people, 20)
        with serving(count) as server:
            measured = asyncio.run(measure(server, crowds, time.monotonic() + 60 * limit))
            measured.log = server.faults()
        tables.append(measured)
    sys.stdout.write(write(tables, "python -m tests.load", keep=not given.people))
    faults = [one for measured in tables for one in measured.faults()]
    for one in faults[:20]:
        sys.stderr.write(f"{one}\n")
    sys.exit(bool(faults))


async def measure(server: Server, crowds: Mapping[int, int], end: float) -> Measured:
    """Run the stages one after the other."""
    dataset = Dataset.open(data_folder() / "kreise")
    measured = Measured(len(server.processes), server.way)
    server.tidy()
    measured.fresh = server.megabytes()
    seen = []
    first = FIRST * len(server.processes)
    async with crowd(server.addresses, first, dataset, seed=1) as people:
        await stay(people, 10, (0.5, 1.0))
    server.tidy()
    measured.warm = server.megabytes()
    for count, seconds in crowds.items():
        think = THINK if count > 1 else (0.5, 1.5)
        async with crowd(server.addresses, count, dataset, within=count / 4, seed=count) as people:
            arrivals = [sample for one in people for sample in one.samples]
            stage = await _stage(server, people, seconds, think)
            stage.samples += arrivals
            measured.stages.append(stage)
            if count == max(crowds):
                coming = asyncio.create_task(
                    openings(server.address, BROWSERS, MEANWHILE / (BROWSERS + 2))
                )
                measured.beside = await _stage(server, people, MEANWHILE, think)
                measured.openings = await coming
            if count == max(crowds):
                server.tidy()
                measured.full, measured.active = server.megabytes(), count
                measured.threads = server.threads()
                await _ramp(server, people, measured)
            seen += [one for person in people for one in person.seen]
    await _flow(server, dataset, measured, end - 20)
    measured.compared, measured.wrong = len(seen), truth.wrong(seen, dataset)
    return measured


async def _stage(
    server: Server, people: list[Person], seconds: float, think: tuple[float, float]
) -> Stage:
    for person in people:
        person.samples = []
    begin, used, busy = time.monotonic(), server.seconds(), spent()
    await stay(people, seconds, think)
    took = time.monotonic() - begin
    samples = [one for person in people for one in person.samples]
    return Stage(
        len(people), think, took, samples,
        cores=(server.seconds() - used) / took, machine=(spent() - busy) / took,
    )  # fmt: skip


async def _ramp(server: Server, people: list[Person], measured: Measured) -> None:
    """Shorten the pauses until answers take longer than they should."""
    for think in RAMP:
        stage = await _stage(server, people, RAMP_STAY, think)
        measured.ramp.append(stage)
        if share([one.seconds for one in stage.samples], 0.95) > TRIP:
            return


async def _flow(server: Server, dataset: Dataset, measured: Measured, end: float) -> None:
    """Let sessions come and go, and weigh what they leave behind."""
    until = asyncio.get_running_loop().time() + end - time.monotonic()
    came = 0
    for round_, count in enumerate(FLOW):
        people = await come_and_go(server.addresses, count, dataset, seed=100 + round_, until=until)
        measured.flow_faults += [
            f"{one.action}: {one.fault}" for who in people for one in who.samples if one.fault
        ]
        came += len(people)
        measured.alive = server.tidy()
        measured.flow += ((came, server.megabytes()),)


if __name__ == "__main__":
    main()
