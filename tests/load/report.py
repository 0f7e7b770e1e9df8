"""What was measured, as a table for the documentation."""

from __future__ import annotations

import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.load.browsers import Opening
    from tests.load.person import Sample
    from tests.load.server import Way

RESULTS = Path(__file__).with_name("results.md")
#: Targets: seconds of a round trip and of the first map, megabytes of an active session.
TRIP, PAINT, EACH = 0.8, 4.0, 15.0
#: Megabytes by which the last hundred of all sessions may let memory grow.
GROWTH = 10.0
#: How several processes were reached, in words.
WAYS: dict[Way, str] = {
    "nginx": "Behind nginx as `deploy/nginx.conf` sets it up, without encryption: a cookie leads "
    "each session to its process. Memory and processor time are the sum of the processes, without "
    "nginx.",
    "number": "Without a proxy: each session goes to a process by its number, as a cookie would "
    "lead it. Memory and processor time are the sum of the processes.",
}


@dataclass
class Stage:
    """A time with a steady number of people.

    Attributes
    ----------
    think : (float, float)
        Shortest and longest pause between two actions, in seconds.
    cores, machine : float
        Processor time per second, of the server and of the whole machine.
    """

    people: int
    think: tuple[float, float]
    seconds: float
    samples: list[Sample]
    cores: float
    machine: float


@dataclass
class Measured:
    """All that was measured of one server.

    Attributes
    ----------
    processes : int
        How many served together; memory and processor time are those of all of them.
    way : {"alone", "nginx", "number"}
        What led people to their process.
    stages, ramp : list of Stage
        With more and more people, and then with shorter and shorter pauses.
    beside : Stage, optional
        With most people, while new browsers opened the app on the same cores.
    openings : list of Opening
        What these browsers saw when.
    fresh, warm, full : float
        Megabytes of the server after its start, after the first visitors, with 50 active sessions.
    flow : tuple of (int, float)
        Sessions that had come and gone, and the megabytes then.
    """

    processes: int = 1
    way: Way = "alone"
    stages: list[Stage] = field(default_factory=list)
    ramp: list[Stage] = field(default_factory=list)
    beside: Stage | None = None
    openings: list[Opening] = field(default_factory=list)
    fresh: float = 0.0
    warm: float = 0.0
    full: float = 0.0
    active: int = 0
    flow: tuple[tuple[int, float], ...] = ()
    flow_faults: list[str] = field(default_factory=list)
    alive: int = 0
    threads: int = 0
    compared: int = 0
    wrong: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def each(self) -> float:
        """Megabytes of one active session, with its part of what all share."""
        return (self.full - self.warm) / max(self.active, 1)

    def faults(self) -> list[str]:
        """All that went wrong, in words."""
        stages = (*self.stages, *([self.beside] if self.beside else []), *self.ramp)
        samples = (one for stage in stages for one in stage.samples)
        told = [f"{one.action}: {one.fault}" for one in samples if one.fault]
        return [*told, *self.flow_faults, *self.wrong, *self.log]


def share(values: Sequence[float], part: float) -> float:
    """Smallest value that at least this part of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def told(seconds: float) -> str:
    """Write a time."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{1e3 * seconds:.0f} ms"


def write(tables: Sequence[Measured], command: str, *, keep: bool = True) -> str:
    """Return the result, and if it is to be kept, write it beside this file."""
    parts = [
        "\n".join([*_title(one, tables), *_summary(one), *_actions(one)]) for one in tables
    ]  # fmt: skip
    text = "\n\n".join(["\n".join(_head(command)), *parts]) + "\n"
    if keep:
        RESULTS.write_text(text, encoding="utf-8")
    return text


def _head(command: str) -> list[str]:
    when = datetime.now(UTC).strftime("%d %B %Y").lstrip("0")
    name = _processor()
    where = f"{os.cpu_count()} cores ({name}), Python {platform.python_version()}"
    shared = "the people, the browsers and the server share these cores"
    return [f"Measured on {when} on {where}; {shared}. Made by `{command}`."]


def _title(measured: Measured, tables: Sequence[Measured]) -> list[str]:
    if len(tables) == 1 and measured.processes == 1:
        return []
    many = f"{measured.processes} processes" if measured.processes > 1 else "One process"
    return [f"### {many}", "", *([WAYS[measured.way], ""] if measured.way in WAYS else [])]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _trips(samples: Iterable[Sample]) -> list[float]:
    """Round trips: all but files, which are made on demand, and the opening."""
    return [one.seconds for one in samples
            if not one.action.startswith("download") and one.action != "open the app"]  # fmt: skip


def _row(what: str, target: str, found: str) -> str:
    return f"| {what} | {target} | {found} |"


def _summary(measured: Measured) -> list[str]:
    rows = ["| what | target | measured |", "|---|---|---|"]
    rows += [
        _row(_crowd(stage), f"95 % within {told(TRIP)}", _found(stage)) for stage in measured.stages
    ]
    if measured.beside and measured.openings:
        many = f"{len(measured.openings)} times"
        rows.append(_row(
            f"the same while a new browser opens the app on the same cores, {many}", "",
            _found(measured.beside),
        ))  # fmt: skip
        paints, maps = zip(*measured.openings, strict=True)
        rows.extend(
            _row(f"{what} in these browsers", f"< {told(PAINT)}",
                 f"{told(median(times))}, at most {told(max(times))}")
            for what, times in (("first paint", paints), ("map drawn", maps))
        )  # fmt: skip
    if measured.active:
        rows.append(_row(f"memory of each of {measured.active} active sessions",
                         f"< {EACH:g} MB", f"{measured.each:.1f} MB"))  # fmt: skip
    rows.append(_row(
        "memory of the server after its start, after first visitors, full", "",
        f"{measured.fresh:.0f}, {measured.warm:.0f}, {measured.full:.0f} MB",
    ))  # fmt: skip
    weighed = measured.flow[-2:] if len(measured.flow) > 1 else [(0, 0.0)] * 2
    (first, before), (last, after) = weighed
    if last > first:
        rows.append(_row(f"growth from session {first} to session {last} that came and went",
                         f"< {GROWTH:g} MB", f"{after - before:.1f} MB"))  # fmt: skip
    else:
        rows.append(_row("growth while sessions come and go", f"< {GROWTH:g} MB", "not measured"))
    rows.append(_row("lost actions, mixed-up sessions, errors", "0", str(len(measured.faults()))))
    rows.append(_row("tables and profiles compared with the library, to the last digit", "",
                     f"{measured.compared}, {len(measured.wrong)} different"))  # fmt: skip
    return [*rows, "", *_ramp(measured)]


def _crowd(stage: Stage) -> str:
    several, (low, high) = "s" * (stage.people > 1), stage.think
    return (
        f"round trip, {stage.people} active session{several}, a pause of {low:g}–{high:g} s "
        "between actions"
    )


def _found(stage: Stage) -> str:
    trips = _trips(stage.samples)
    return (
        f"median {told(median(trips))}, 95 % within {told(share(trips, 0.95))}, at most "
        f"{told(max(trips))}; {len(trips)} actions; the server used {stage.cores:.2f} cores, the "
        f"whole machine {stage.machine:.2f}"
    )


def _ramp(measured: Measured) -> list[str]:
    if not measured.ramp:
        return []
    rows = [
        "How far it goes: the same people with shorter pauses.", "",
        "| pause | actions per second | median | 95 % within | server's cores | machine's cores |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for stage in [*measured.stages[-1:], *measured.ramp]:
        trips = _trips(stage.samples)
        low, high = stage.think
        rows.append(
            f"| {low:g}–{high:g} s | {len(trips) / stage.seconds:.1f} | {told(median(trips))} | "
            f"{told(share(trips, 0.95))} | {stage.cores:.2f} | {stage.machine:.2f} |"
        )
    return [*rows, ""]


def _actions(measured: Measured) -> list[str]:
    counts = [stage.people for stage in measured.stages]
    by_action: dict[str, dict[int, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for stage in measured.stages:
        for one in stage.samples:
            by_action[one.action][stage.people].append(one)
    head = " | ".join(f"{count} session{'s' * (count > 1)}" for count in counts)
    rows = [
        "Each action: median, 95 %, longest (number of times).", "",
        f"| action | {head} | errors |", f"|---{'|---' * len(counts)}|---|",
    ]  # fmt: skip
    for action in sorted(by_action):
        cells = [_cell([one.seconds for one in by_action[action][count]]) for count in counts]
        wrong = sum(bool(one.fault) for many in by_action[action].values() for one in many)
        rows.append(f"| {action} | {' | '.join(cells)} | {wrong} |")
    return rows


def _cell(seconds: list[float]) -> str:
    if not seconds:
        return ""
    ends = (median(seconds), share(seconds, 0.95), max(seconds))
    return f"{', '.join(told(one) for one in ends)} ({len(seconds)})"
