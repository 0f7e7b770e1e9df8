"""Kill commands at random moments: ``python tests/faults/kill.py --kills 200 --seed 1``.

Each command writes over what was there before. After each kill the place must hold the old or the
new state, whole; after the last one a run that comes to its end must leave the new alone. Then the
work of `works` finds the disk full at every one of its steps, and long commands are told to end
(SIGINT, SIGTERM) at random moments. The seed gives the same moments again, though not on a machine
of another speed. ``--raw`` names the publishers' files, for the build of the whole dataset.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "replay"), str(HERE.parents[1])]

import child  # noqa: E402 -- found only now
from test_every_step import full_everywhere  # noqa: E402
from works import TOY, WORKS, Work, leftovers, visible  # noqa: E402

#: What the commands load, heavy as it is.
LOADED = (
    "geo.kreise", "geo.maps", "geo.publish", "layers.study.reports", "views.atlas", "views.cli",
    "views.embed", "views.report.document",
)  # fmt: skip
#: Commands by the name of what they write; ``{}`` is its place.
COMMANDS = {
    **{f"scores{kind}": "score --draws 50 -o {}" for kind in (
        ".csv", ".xlsx", ".geojson", ".topojson", ".gpkg", ".fgb", ".parquet", ".zip"
    )},
    "stages": "stages -o {}",
    "coherence": "coherence -o {}",
    "coherence.xlsx": "coherence -o {}",
    "bands.csv": "robust --draws 500 -o {}",
    "map.svg": "map -o {}",
    "map.png": "map -o {}",
    "map.html": "embed -o {}",
    "sliders.html": "embed --kind sliders -o {}",
    "report.pdf": "report 09477 --date 2026-01-01 -o {}",
    "atlas.pdf": "atlas --date 2026-01-01 -o {}",
    "own": "data add {at}/own.csv -d {toy} --year 2021 --direction + -o {}",
}  # fmt: skip
#: What a command makes only where nothing is, or all files of which are new each time.
NEW = ("stages", "coherence", "own")
#: Commands that write one file after the other, on several processes.
REPORTS = "report --all --date 2026-01-01 -r {at}/recipe.toml -o {}"
#: Seconds that helpers have to see that they are alone, on a machine with much else to do.
PATIENCE = 60
RECIPE = 'dataset = "kreise@{version}"\n[filter]\nland = ["10", "12"]\n'


@dataclass
class Row:
    """What came of the kills of one command."""

    name: str
    kills: int = 0
    old: int = 0
    littered: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        """Return a line of the table."""
        cells = (self.name, self.kills, self.old, self.littered, f"{self.seconds:.1f}")
        return "| " + " | ".join(map(str, cells)) + " |"


def kill_command(name: str, words: list[str], kills: int, chance: random.Random, at: Path) -> Row:
    """Kill one command at `kills` random moments of its run."""
    there = at / "there"
    there.mkdir(parents=True)
    work = child.ipot(*(word.replace("{}", str(there / name)) for word in words))
    new, seconds = _whole(work, there, at)
    row = Row(name, seconds=seconds)
    old = _older(there / name)
    for number in range(kills):
        # Most of the time is spent before anything is written, so every other kill is before one
        # of the steps of that.
        moment, step = chance.uniform(0, 1.1 * seconds), chance.randrange(12)
        if number % 2:
            killed = child.at_steps(there, child.killed_at(step))
            ended = child.run(work, at / "said", within=killed)
        else:
            ended = child.start(work, at / "said").kill(moment)
        state = visible(there)
        _demand(ended.code in (0, -signal.SIGKILL), name, moment, ended.err)
        _demand(state in (old, new), name, moment, f"{state} is neither {old} nor {new}")
        row.kills += ended.code != 0
        row.old += state == old
        row.littered += bool(leftovers(there))
        if state == new:
            old = _older(there / name)
    _demand(_whole(work, there, at)[0] == new, name, -1, "another end")
    _demand(leftovers(there) == [], name, -1, f"left: {leftovers(there)}")
    return row


def stop_command(
    name: str, words: list[str], chance: random.Random, at: Path, seconds: float
) -> str:
    """Tell a command to end at a random moment, once by each signal."""
    there, said = at / "stopped", []
    there.mkdir(parents=True)
    work = child.ipot(*(word.replace("{}", str(there / name)) for word in words))
    for number in (signal.SIGINT, signal.SIGTERM):
        moment = chance.uniform(0.4, 0.8) * seconds
        began = time.monotonic()
        ended = child.start(work, at / "said").kill(moment, number)
        late = time.monotonic() - began - moment
        told = (ended.code, ended.err.count("\n"))
        _demand(told in ((128 + number, 1), (0, 0)), name, moment, f"{ended.code}: {ended.err}")
        _demand(leftovers(there) == [], name, moment, f"left: {leftovers(there)}")
        said.append(f"{signal.Signals(number).name} {ended.code} after {late:.1f} s")
    return f"{name}: {', '.join(said)}"


def kill_work(name: str, kills: int, chance: random.Random, at: Path) -> Row:
    """Kill a piece of `works` before random steps of it."""
    row, steps = Row(f"{name} (by step)"), _steps(WORKS[name](at / "steps"), at)
    for number in range(kills):
        work = WORKS[name](at / f"{number}")
        old, step = work.states(work.folder), chance.randrange(steps)
        killed = child.at_steps(work.folder, child.killed_at(step))
        ended = child.run(work.do, at / "said", within=killed)
        state = work.states(work.folder)
        row.kills += ended.code != 0
        row.old += state == old
        row.littered += bool(leftovers(work.folder))
        work.do()
        new = work.states(work.folder)
        _demand(state in (old, new), name, step, f"{state} is neither {old} nor {new}")
        _demand(leftovers(work.folder) == [], name, step, f"left: {leftovers(work.folder)}")
    return row


def _steps(work: Work, at: Path) -> int:
    """Return in how many steps a piece of work changes its folder."""
    notes = at / "notes"
    child.run(work.do, at / "said", within=child.at_steps(work.folder, child.noted_in(notes, int)))
    return len(notes.read_text(encoding="utf-8").splitlines())


def kill_reports(words: list[str], kills: int, chance: random.Random, at: Path) -> Row:
    """Kill the command whose helpers are processes; they must end with it, each file be whole."""
    there = at / "reports"
    work = child.ipot(*(word.replace("{}", str(there)) for word in words))
    began = time.monotonic()
    ended = child.run(work, at / "said")
    _demand(ended.code == 0, "reports", -1, ended.err)
    whole, row = visible(there), Row("report --all", seconds=time.monotonic() - began)
    for _ in range(kills):
        for one in there.iterdir():
            one.unlink()
        ended = child.start(work, at / "said").kill(chance.uniform(0.2, 1) * row.seconds)
        state = visible(there)
        _demand(state.items() <= whole.items(), "reports", -1, "a report that is not whole")
        row.kills += ended.code != 0
        row.old += not state
        row.littered += bool(leftovers(there))
        _demand(_left_alone(), "reports", -1, f"processes left: {_helpers()}")
    return row


def _left_alone() -> bool:
    """Whether all helpers end by themselves; one that computes sees only afterwards that it may."""
    until = time.monotonic() + PATIENCE
    while _helpers() and time.monotonic() < until:
        time.sleep(0.2)
    return not _helpers()


def _helpers() -> list[int]:
    """Return processes of Python whose parent has gone and that were started for a pool by us."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            ours = (path / "cwd").resolve() == Path.cwd()
        except OSError:
            continue
        if b"multiprocessing.spawn" in words and parent == 1 and ours:
            found.append(int(path.name))
    return found


def _whole(work: object, there: Path, at: Path) -> tuple[dict[str, str], float]:
    began = time.monotonic()
    ended = child.run(work, at / "said")
    if ended.code:
        sys.exit(f"{there}: {ended.err}")
    return visible(there), time.monotonic() - began


def _older(target: Path) -> dict[str, str]:
    """Put something older in the place of a file; what must be new is taken away."""
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    if target.name == "dataset":
        shutil.copytree(TOY, target, ignore=shutil.ignore_patterns("places.csv"))
    elif target.name not in NEW:
        target.write_bytes(b"old")
    return visible(target.parent)


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _demand(holds: bool, name: str, moment: float, said: str) -> None:  # noqa: FBT001 -- a check
    if not holds:
        sys.exit(f"{name}, killed at {moment:.3f}: {said}")


def _load() -> None:
    """Load what the commands load, so that none of the processes, copies of this one, has to."""
    for name in LOADED:
        importlib.import_module(name)


def main() -> None:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="all in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--raw", type=Path, help="folder of the publishers' files")
    parser.add_argument("names", nargs="*", help="what to write; everything if absent")
    given = parser.parse_args()
    _load()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        _kill_all(given, Path(folder))


def _kill_all(given: argparse.Namespace, at: Path) -> None:
    chance = random.Random(given.seed)  # noqa: S311 -- moments, no secrets
    every = _commands(at, given.raw)
    commands = {name: every[name] for name in given.names or every}
    each = max(1, given.kills // (len(commands) + len(WORKS) + 1))
    _say(f"seed {given.seed}\n\n| written | killed | old state | with leftovers | seconds |")
    _say("|---|---|---|---|---|")
    rows = list[Row]()
    for name, words in commands.items():
        rows.append(kill_command(name, words, each, chance, at / name))
        _say(rows[-1])
    for name in WORKS:
        rows.append(kill_work(name, each, chance, at / name))
        _say(rows[-1])
    rows.append(kill_reports(_words(REPORTS, at), each, chance, at))
    _say(f"{rows[-1]}\n\n{sum(row.kills for row in rows)} kills\n")
    for name in WORKS:
        refused = full_everywhere(WORKS[name](at / "full" / name), at / "said", 1)
        _say(f"{name}: full at each of {refused} steps")
    for row in rows[: len(commands)]:
        _say(stop_command(row.name, commands[row.name], chance, at / row.name, row.seconds))


def _commands(at: Path, raw: Path | None) -> dict[str, list[str]]:
    (at / "own.csv").write_text("region,choirs\nA1,1\nB2,2\nC3,4\n", encoding="utf-8")
    (at / "recipe.toml").write_text(_recipe(), encoding="utf-8")
    built = {"dataset": f"data build --from {raw} -o {{}}"} if raw else {}
    return {name: _words(line, at) for name, line in {**COMMANDS, **built}.items()}


def _words(line: str, at: Path) -> list[str]:
    return line.replace("{at}", str(at)).replace("{toy}", str(TOY)).split()


def _recipe() -> str:
    from layers import Dataset
    from layers.home import active_dataset

    return RECIPE.format(version=Dataset.open(active_dataset()).version)


if __name__ == "__main__":
    os.environ["POTENZIALATLAS_HOME"] = str(HERE.parent / "no-home")
    main()
