"""What must be true on a cluster: the same numbers as on threads, whatever befalls a worker."""

from __future__ import annotations

import os
import signal
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from strategies import flat
from typer.testing import CliRunner

from layers.certainty.cluster import robust_on
from layers.errors import PotenzialatlasError, RecipeError
from layers.recipe import Recipe
from layers.robust import CHUNK, robust_scores
from layers.score import score
from views.cli import cli

distributed = pytest.importorskip(
    "distributed", reason="the extra 'cluster' (dask, distributed) is not installed"
)
pytestmark = [
    pytest.mark.filterwarnings("default"),  # distributed's own, in threads of its own
]


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    ) as made:
        yield made


@pytest.fixture(scope="module")
def scores():
    """Score 400 regions with gaps and ties."""
    values = pd.DataFrame(
        np.random.default_rng(3).integers(0, 50, (400, 6)) / 1.0,
        index=[f"R{number:03}" for number in range(400)], columns=list("abcdef"),
    )  # fmt: skip
    values.iloc[::20, :2] = np.nan
    return score(flat(values), Recipe(aggregate={"min_coverage": 0.5}))


def assert_equal_bands(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        elif isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
        else:
            assert left == right, field.name


@pytest.mark.parametrize("spread", [None, 0.3])
@pytest.mark.parametrize("draws", [1, CHUNK + 1, 5 * CHUNK])
def test_the_numbers_are_those_of_threads_to_the_last_bit(cluster, scores, draws, spread):
    there = robust_on(cluster.scheduler_address, scores, draws=draws, seed=7, spread=spread)
    assert_equal_bands(there, robust_scores(scores, draws=draws, seed=7, spread=spread))


def test_the_command_line_gives_the_same_file_as_without_a_cluster(cluster, toy_folder, tmp_path):
    words = ["robust", "-d", str(toy_folder), "--draws", "1000", "-o"]
    address = cluster.scheduler_address.removeprefix("tcp://")
    assert CliRunner().invoke(cli, [*words, str(tmp_path / "threads.csv")]).exit_code == 0
    result = CliRunner().invoke(cli, [*words, str(tmp_path / "a.csv"), "--scheduler", address])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "threads.csv").read_bytes()


def test_a_worker_killed_in_mid_run_changes_nothing(cluster, scores):
    import psutil

    victim, finished = next(iter(cluster.workers.values())).pid, []

    def kill_one_worker_after_the_first_chunk(done):
        if not finished:
            os.kill(victim, signal.SIGKILL)
        finished.append(done)

    draws = 30 * CHUNK + 5
    there = robust_on(
        cluster.scheduler_address, scores, draws=draws, seed=1,
        progress=kill_one_worker_after_the_first_chunk,
    )  # fmt: skip
    assert not psutil.pid_exists(victim) or psutil.Process(victim).status() == "zombie"
    assert finished[0] <= CHUNK
    assert finished[-1] == draws
    assert_equal_bands(there, robust_scores(scores, draws=draws, seed=1))


def test_an_unreachable_scheduler_is_refused_in_one_line(scores, monkeypatch):
    monkeypatch.setattr("layers.certainty.cluster._PATIENCE", 1)
    with pytest.raises(PotenzialatlasError, match=r"^scheduler 127\.0\.0\.1:9: .*HOST:PORT of"):
        robust_on("127.0.0.1:9", scores)


def test_a_scheduler_without_workers_is_refused_after_a_while(scores, monkeypatch):
    monkeypatch.setattr("layers.certainty.cluster._PATIENCE", 2)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0") as empty,
        pytest.raises(PotenzialatlasError, match="at least one worker"),
    ):
        robust_on(empty.scheduler_address, scores)


def test_senseless_draws_are_refused_before_connecting(scores):
    with pytest.raises(RecipeError, match="draws = 0"):
        robust_on("nowhere:1", scores, draws=0)
