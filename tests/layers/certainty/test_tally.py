"""What must be true of counted ranks: all that is said of them follows from the ranks themselves.

Four draws over the regions A to D, ranks from 1, - for none: A 1 2 1 3, B 2 1 - 1, C never, D only
in the second draw, as the last.
"""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from layers.certainty.tally import Tally, blocks, share_between

NAN, INF = np.nan, np.inf
#: Ranks as the chunks of draws bring them: from 0, and 4 for none.
RANKS = np.array([[0, 1, 4, 4], [1, 0, 4, 3], [0, 4, 4, 4], [2, 0, 4, 4]], np.uint8)
#: Shares of two layers under each draw.
SHARES = np.array([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]])
COUNTS = [[2, 1, 1, 0, 0], [2, 1, 0, 0, 1], [0, 0, 0, 0, 4], [0, 0, 0, 1, 3]]


def counted(order):
    tally = Tally(regions=4, layers=2, top=1, draws=4)
    for rows in order:
        tally.add(RANKS[rows], (RANKS[rows] == 0).T.astype(float) @ SHARES[rows])
    return tally


@pytest.mark.parametrize("order", [[[0, 1], [2, 3]], [[3], [0, 2], [1]]])
def test_in_whatever_order_chunks_arrive_bands_are_those_worked_out_by_hand(order):
    tally, regions = counted(order), pd.Index(list("ABCD"), name="region")
    assert tally.counts.tolist() == COUNTS
    expected = {
        "rank_mean": [7 / 4, 4 / 3, NAN, 4],
        "rank_median": [1, 1, None, 4],
        "rank_p05": [1, 1, None, 4],
        "rank_p95": [3, 2, None, 4],
        "best": [1, 1, None, 4],
        "worst": [3, 2, None, 4],
        "top_quarter": [2 / 4, 2 / 3, NAN, 0],
        "ranked": [1, 3 / 4, 0, 1 / 4],
    }
    whole = dict.fromkeys(["rank_median", "rank_p05", "rank_p95", "best", "worst"], "Int64")
    table = pd.DataFrame(expected, index=regions).astype(whole)
    assert_frame_equal(tally.bands(regions), table)
    # A is the best in the first and third draw, B in the second and fourth.
    central = {"x": [1.25 / 2, 0.75 / 2, NAN, NAN], "y": [0.75 / 2, 1.25 / 2, NAN, NAN]}
    assert_frame_equal(tally.central(regions, ("x", "y")), pd.DataFrame(central, index=regions))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_a_quantile_is_the_smallest_rank_that_this_share_of_the_draws_attains(ranks):
    tally = Tally(regions=6, layers=1, top=2, draws=len(ranks))
    tally.add(np.array([[rank] * 6 for rank in ranks], np.uint8), np.zeros((6, 1)))
    row = tally.bands(pd.RangeIndex(6)).iloc[0]
    known = sorted(rank + 1 for rank in ranks)
    for name, percent in {"best": 0, "rank_p05": 5, "rank_median": 50, "rank_p95": 95}.items():
        needed = max(1, -(-percent * len(known) // 100))
        assert row[name] == known[needed - 1]
    assert row["worst"] == known[-1]
    assert row["rank_mean"] == pytest.approx(sum(known) / len(known))
    assert row["top_quarter"] == sum(rank <= 2 for rank in known) / len(known)


@pytest.mark.parametrize(("draws", "width"), [(255, 1), (65_535, 2), (65_536, 4)])
def test_counts_take_no_more_memory_than_the_number_of_draws_needs(draws, width):
    tracemalloc.start()
    tally = Tally(regions=500, layers=1, top=125, draws=draws)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (width + 0.5) * 500 * 501
    assert tally.counts.shape == (500, 501)


@pytest.mark.parametrize(
    ("table", "ends"),
    [
        ((5, 2, 4), [(0, 2), (2, 4), (4, 5)]),
        ((5, 1, 2), [(0, 2), (2, 4), (4, 5)]),
        ((3, 10, 5), [(0, 1), (1, 2), (2, 3)]),
        ((1, 10, 5), [(0, 1)]),
        ((2, 0, 5), [(0, 2)]),
        # Whoever joins what was made of the pieces has at least one.
        ((0, 10, 5), [(0, 0)]),
    ],
)
def test_a_table_is_cut_into_pieces_of_whole_rows(table, ends):
    assert [(piece.start, piece.stop) for piece in blocks(*table)] == ends


@pytest.mark.parametrize(
    ("low", "high", "share"),
    [
        (1, 1, 2 / 4),
        (1, 3, 1),
        (2, 3, 2 / 4),
        (1.5, 2.5, 1 / 4),
        (2, 2.9, 1 / 4),
        (2.1, 2.9, 0),
        # Ends beyond all ranks are as good as the last one there.
        (-5, 1, 2 / 4),
        (-INF, INF, 1),
        (3, 4, 1 / 4),
        (3, 99, 1 / 4),
        (99, 120, 0),
        (-5, 0, 0),
        (-9, -1, 0),
        # Nothing lies between ends that are crossed, or missing.
        (3, 1, 0),
        (99, -5, 0),
        (1, NAN, 0),
        (NAN, 3, 0),
        (NAN, NAN, 0),
    ],
)
def test_the_share_between_two_ranks_counts_both_ends(low, high, share):
    shares = share_between(np.array(COUNTS), np.full(4, float(low)), np.full(4, float(high)))
    assert shares[0] == share
    assert np.isnan(shares[2])
    assert shares[3] == (low <= 4 <= high)


def test_every_region_has_ends_of_its_own():
    shares = share_between(np.array(COUNTS), np.array([1.0, 2, 1, 1]), np.array([2.0, 4, 4, 3]))
    assert shares == pytest.approx([3 / 4, 1 / 3, NAN, 0], nan_ok=True)
