"""Rank bands on a Dask cluster: the same chunks as on threads, hence the same numbers.

A chunk is a pure function of the problem, the seed and its number, so it does not matter where it
is worked on, in which order, or how often: what a lost worker had done is done again elsewhere.
The workers need the same version of this package. Whoever runs a scheduler can run code on its
clients and workers, so connect to trusted ones only.

Reference: Rocklin (2015), Dask: parallel computation with blocked algorithms and task scheduling,
doi:10.25080/Majora-7b98e3ed-013.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from layers.certainty.linear import linear
from layers.certainty.tally import Tally
from layers.errors import PotenzialatlasError
from layers.robust import CHUNK, KEPT, Bands, Problem, check_draws, rank_chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layers.certainty.ranks import Ranks
    from layers.robust import Array
    from layers.score import Scores

__all__ = ["robust_on"]

#: Seconds to wait for the scheduler, and for its first worker.
_PATIENCE = 15
#: Chunks under way per thread of the cluster: enough to keep it busy, few enough for its memory.
_AHEAD = 3


def robust_on(
    scheduler: str, scores: Scores, *, draws: int = 1_000, seed: int = 1,
    spread: float | None = None, progress: Callable[[int], None] | None = None,
) -> Bands:  # fmt: skip
    """Do what `layers.robust.robust_scores` does on the workers of a Dask scheduler.

    Parameters
    ----------
    scheduler : str
        ``HOST:PORT`` or an address such as ``tls://HOST:PORT``.
    draws, seed, spread
        As in `layers.robust.robust`.
    progress : callable, optional
        Called with the number of draws done.

    Raises
    ------
    PotenzialatlasError
        If the extra ``cluster`` is not installed, the scheduler or a worker cannot be reached, or
        a chunk fails wherever it is tried.
    """
    check_draws(draws, seed, spread)
    form = linear(scores, spread, plain=True)
    tally = Tally(form.problem.regions, len(form.layers), form.problem.top, draws)
    done = 0
    with _connected(scheduler) as client:
        for ranks, sums in _chunks(client, form.problem, seed, draws):
            tally.add(ranks, sums)
            done += len(ranks)
            if progress:
                progress(done)
    everywhere = scores.index.index
    return Bands(
        bands=tally.bands(form.regions).reindex(everywhere),
        central=tally.central(form.regions, form.layers).reindex(everywhere),
        varied=form.layers, top=form.problem.top, draws=draws, seed=seed, spread=spread,
        warnings=scores.warnings,
        distribution=tally.counts if len(form.regions) <= KEPT else None,
    )  # fmt: skip


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """Client of a scheduler that has a worker; what goes wrong there becomes one line."""
    try:
        from distributed import Client, KilledWorker
    except ImportError as cause:
        msg = "install it with pip install 'potenzialatlas[cluster]'."
        raise PotenzialatlasError(f"scheduler {scheduler}: Dask is missing; {msg}") from cause
    with ExitStack() as stack:
        try:
            client = stack.enter_context(Client(scheduler, timeout=_PATIENCE, set_as_default=False))
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, ValueError) as cause:
            msg = (
                f"scheduler {scheduler}: {cause or type(cause).__name__}; HOST:PORT of a running "
                "Dask scheduler with at least one worker is needed."
            )
            raise PotenzialatlasError(msg) from cause
        try:
            yield client
        except (KilledWorker, ImportError) as cause:
            msg = (
                f"scheduler {scheduler}: the workers failed ({cause}); they need this package in "
                "the same version, and memory for their chunks."
            )
            raise PotenzialatlasError(msg) from cause


def _chunks(client: Any, problem: Problem, seed: int, draws: int) -> Iterator[tuple[Ranks, Array]]:
    """Chunks in the order in which they are finished; a bounded number of them under way."""
    from distributed import as_completed

    # As a task of its own the problem can be made anew if the worker that holds it is lost.
    shared = client.submit(_same, problem, pure=False)
    numbers = iter(range(-(-draws // CHUNK)))

    def submit(number: int) -> Any:
        size = min(CHUNK, draws - number * CHUNK)
        return client.submit(rank_chunk, shared, seed, number, size, pure=False)

    ahead = _AHEAD * max(1, sum(client.nthreads().values()))
    first = [submit(number) for number in islice(numbers, ahead)]
    under_way = as_completed(first, loop=client.loop)
    for future in under_way:
        yield future.result()
        future.release()
        for number in islice(numbers, 1):
            under_way.add(submit(number))


def _same(problem: Problem) -> Problem:
    return problem
