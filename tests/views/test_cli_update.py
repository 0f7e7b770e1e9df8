"""What must be true for somebody who updates at a terminal: plain words and the way back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from server import HASTY, Replay
from songs import build_with
from typer.testing import CliRunner

from layers import Dataset
from layers.home import Home
from layers.paths import VARIABLE
from layers.sources.fetch.collect import Collector
from views.cli import cli

if TYPE_CHECKING:
    from layers.build import BuildReport
    from layers.sources.fetch.snapshot import Entry

TOY = Path(__file__).parents[1] / "toy"
FETCH = '[[file]]\nplace = "songs.csv"\nsources = ["invented"]\nfeeds = ["songs"]\nurl = "{}"\n'


def build(
    raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
) -> BuildReport:
    songs = [float(one) for one in (raw / "songs.csv").read_text().split()] if feeds else None
    return build_with(songs, definitions, target, base=TOY)


@pytest.fixture
def place(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with definitions, an embedded dataset and room for a data home."""
    shutil.copytree(TOY, tmp_path / "definitions")
    url = replay.put("songs", b"1 2 3 9")
    (tmp_path / "definitions" / "fetch.toml").write_text(FETCH.format(url), encoding="utf-8")
    (tmp_path / "data").mkdir()
    folder, definitions = tmp_path / "data" / "kreise", tmp_path / "definitions"
    build(tmp_path, definitions, folder, base=TOY, feeds=frozenset())
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr("geo.renew.renew", build)
    monkeypatch.setattr("layers.sources.fetch.http.Limits", lambda: HASTY)
    return tmp_path


def ipot(place: Path, *words: str):
    options = ["--home", str(place / "home"), "--language", "en"]
    return CliRunner().invoke(cli, ["data", *words, *options])


def update(place: Path, *words: str):
    return ipot(place, "update", *words, "--definitions", str(place / "definitions"))


def test_an_update_says_what_came_what_changed_and_how_to_return(place: Path) -> None:
    result = update(place)
    assert result.exit_code == 0, result.output
    assert "fetched: songs.csv, 7 bytes, SHA-256 " in result.stdout
    assert "songs: 0 values new, 0 gone, 1 changed; newest year 2021 → 2021" in result.stdout
    assert "  songs, D4, 2021: 4 → 9 (3.3)" in result.stdout
    assert "checks: errors 0, notes 1" in result.stdout
    assert "The active version is now 1+" in result.stdout
    steps = ["Fetching songs.csv", "Building a new version", "Checking the new version"]
    assert result.stderr.splitlines() == [f"ipot: {step}" for step in steps]
    active = Home(place / "home").active()
    assert Dataset.open(active).version.startswith("1+")
    again = update(place)
    assert f"Nothing new: the result equals the active version {active.name}" in again.stdout
    back = ipot(place, "rollback")
    assert back.stdout == "The active version is embedded again.\n"


def test_a_year_that_was_stepped_back_from_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Collector.collect

    def collect(*given: Any) -> Entry:
        return fetch(*given).model_copy(update={"skipped": (2025, 2024)})

    monkeypatch.setattr(Collector, "collect", collect)
    told = "songs.csv: no Kreis has a number for 2025, 2024 yet; an earlier year was fetched"
    assert told in update(place, "--dry-run").stdout.splitlines()


def test_a_dry_run_says_that_it_was_one(place: Path) -> None:
    result = update(place, "--dry-run")
    assert "Dry run: version 1+" in result.stdout
    assert not (place / "home" / "current.toml").exists()


def test_findings_that_forbid_the_switch_are_exit_code_2(place: Path) -> None:
    (place / "hand").mkdir()
    (place / "hand" / "songs.csv").write_text("1000 2000 3000 4000", encoding="utf-8")
    base = place / "data" / "kreise" / "values.csv"
    rows = base.read_text(encoding="utf-8")
    base.write_text(rows.replace("songs,2021", "songs,2022"), encoding="utf-8")
    result = update(place, "--from", str(place / "hand"))
    assert result.exit_code == 2
    assert "Error: Songs: The newest year was 2022 and is now 2021." in result.stdout
    assert "The active version stays: errors found by the checks (1)." in result.stdout
    assert not (place / "home" / "current.toml").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["birds"], "no source 'birds'; there are invented"),
        (["--from", "nowhere"], "nowhere: there is no such folder"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_2(
    words: list[str], reason: str, place: Path
) -> None:  # fmt: skip
    result = update(place, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr.splitlines()[-1]


def test_there_is_nothing_to_return_to_before_the_first_update(place: Path) -> None:
    result = ipot(place, "rollback")
    assert result.exit_code == 2
    assert "no version before this one" in result.stderr


def test_check_prints_what_is_unlikely(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TOY, tmp_path / "toy"))
    result = CliRunner().invoke(cli, ["data", "check", str(folder)])
    assert "Prüfung: Fehler 0, Hinweise 1" in result.stdout
    path = folder / "values.csv"
    more = "".join(
        f"{key},songs,2022,{1000 * n}\n" for n, key in enumerate(["A1", "B2", "C3", "D4"])
    )
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    result = CliRunner().invoke(cli, ["data", "check", str(folder), "--language", "en"])
    assert result.exit_code == 0
    assert "Note: Songs: The middle value changed by a factor of 600.00 in 2022" in result.stdout


def test_each_source_is_listed_with_what_it_feeds(place: Path) -> None:
    (place / "definitions" / "build.toml").write_text(
        '[[series]]\nindicator = "songs"\nreader = "songs"\ncode = "songs"\nkind = "rate"\n'
        'reweight = "none"\nwhy = "Invented."\n',
        encoding="utf-8",
    )
    result = ipot(place, "sources", "--definitions", str(place / "definitions"))
    assert result.exit_code == 0
    (first, where, held, feeds) = result.stdout.splitlines()
    assert first.startswith("invented: ")
    assert "http://127.0.0.1" in where
    assert held.startswith("  in the dataset: ")
    assert feeds == "  feeds: songs"
