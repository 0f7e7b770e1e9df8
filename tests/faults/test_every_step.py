"""Work that is killed at any step, or finds the disk full there: what people open is old or new,
never between; nothing half stands under a name; the next run clears away what was left."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import child
import pytest
from works import WORKS, Work, leftovers

from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Every so many steps of a long piece of work the disk is full; `kill.py` takes all steps.
STRIDE = {"update": 8}


def moments(work: Work, tmp_path: Path) -> list[tuple[dict[str, str], list[str]]]:
    """Do the work once; return what people would open before each step, and what would be left."""
    notes = tmp_path / "notes"
    look = child.noted_in(notes, lambda: (work.states(work.folder), leftovers(work.folder)))
    ended = child.run(work.do, tmp_path / "said", within=child.at_steps(work.folder, look))
    assert ended.code == 0, ended.err
    return [tuple(json.loads(line)) for line in notes.read_text().splitlines()]


@pytest.mark.parametrize("name", WORKS)
def test_whoever_is_killed_leaves_the_old_or_the_new_and_the_next_run_clears_up(
    name: str, tmp_path: Path
) -> None:
    work = WORKS[name](tmp_path / "once")
    old = work.states(work.folder)
    states, left = zip(*moments(work, tmp_path), strict=True)
    new = work.states(work.folder)
    assert old != new
    assert all(state in (old, new) for state in states)
    assert leftovers(work.folder) == []
    littered = [step for step, names in enumerate(left) if names]
    for step in {littered[0], littered[len(littered) // 2], littered[-1]}:
        again = WORKS[name](tmp_path / f"{step}")
        killed = child.at_steps(again.folder, child.killed_at(step))
        assert child.run(again.do, tmp_path / "said", within=killed).code == -9
        assert again.states(again.folder) in (old, new)
        assert leftovers(again.folder)
        again.do()
        assert again.states(again.folder) == new
        assert leftovers(again.folder) == []


@pytest.mark.parametrize("name", WORKS)
def test_a_full_disk_is_told_in_one_line_and_changes_nothing(name: str, tmp_path: Path) -> None:
    work = WORKS[name](tmp_path / "once")
    assert full_everywhere(work, tmp_path / "said", STRIDE.get(name, 1)) > 0
    assert leftovers(work.folder) == []


def full_everywhere(work: Work, said: Path, stride: int) -> int:
    """Do the work on disks that are full from one step on; return at how many it was refused."""
    old, step, refused = work.states(work.folder), 0, 0
    while (ended := full_at(step, work, said)).code:
        assert ended.code == 2, ended.err
        assert ended.err.count("\n") == 0
        assert "No space left on device" in ended.err or "the disk is full" in ended.err
        assert work.states(work.folder) == old
        step, refused = step + stride, refused + 1
    assert work.states(work.folder) != old
    return refused


def full_at(step: int, work: Work, said: Path) -> child.Ended:
    """Do the work on a disk that has no room from this step on."""
    full = child.at_steps(work.folder, child.refused_at(step))
    return child.run(in_one_line(work), said, within=full)


def in_one_line(work: Work) -> Callable[[], None]:
    """Do the work as a command does: a fault of ours is one line and exit code 2."""

    def do() -> None:
        try:
            work.do()
        except PotenzialatlasError as fault:
            sys.stderr.write(str(fault))
            raise SystemExit(2) from fault

    return do
