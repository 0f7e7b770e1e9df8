"""Tables of people shared out: every column by hand, also where something is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sharing import REGIONS, VALUES, rule, scores

from layers import Recipe
from layers.study.distribution import distribute
from layers.study.distribution_tables import UNBOUNDED, Shared, ends_of, region_table
from layers.study.present import PRESENT

WHOLE = pd.Int64Dtype()


def test_what_is_whole_stays_whole_and_what_is_missing_is_a_gap():
    bare = scores(Recipe(), VALUES.drop(columns=PRESENT), REGIONS[["name", "land"]])
    for of, asked in [
        (scores(Recipe()), rule(score=1)), (scores(), rule(population=1, cap=5)),
        (bare, rule(score_only=1)), (bare, rule(equal=1)),
    ]:  # fmt: skip
        found = distribute(of, [50, 10], asked, draws=20)
        assert found.regions.dtypes.to_dict() == {
            "population": WHOLE, "share": np.float64, "persons": np.int64, "persons_p05": WHOLE,
            "persons_p95": WHOLE, "per_1000": np.float64, "bound": WHOLE, "at_bound": np.bool_,
            "by_population": WHOLE, "difference": WHOLE, "difference_per_1000": np.float64,
            "more": np.float64, "fewer": np.float64,
            "against_population": found.regions["against_population"].dtype,
            "present": np.float64, "present_scaled": WHOLE,
        }  # fmt: skip
        assert found.steps.dtypes.iloc[2:].to_dict() == {
            "persons": np.int64, "so_far": np.int64, "so_far_p05": WHOLE, "so_far_p95": WHOLE
        }  # fmt: skip
        assert found.lands["persons_p05"].dtype == WHOLE


def test_shares_and_people_per_thousand_by_hand():
    people = scores(regions=REGIONS.assign(population=[0, 1, 30_000]))
    table = distribute(people, [60], rule(equal=1), draws=0).regions
    assert table["share"].tolist() == [1 / 3] * 3
    # Nobody lives in P: no number of people is so many per inhabitant.
    assert table["per_1000"].tolist()[1:] == [20_000, 20 / 30]
    assert table[["per_1000", "difference_per_1000"]].isna().loc["P"].all()
    # Without a bound there is none to show.
    assert table["bound"].isna().all()
    assert not table["at_bound"].any()


def test_people_there_now_are_scaled_with_ties_to_more_inhabitants():
    # 60 people each; of 4 the one left over goes to R.
    even = scores(values=VALUES.assign(**{PRESENT: [6.0, 3, 2]}))
    table = distribute(even, [4], rule(), draws=0).regions
    assert table["present"].tolist() == [60, 60, 60]
    assert table["present_scaled"].tolist() == [1, 1, 2]


def test_where_nobody_knows_who_is_there_nobody_is():
    gap = scores(values=VALUES.assign(**{PRESENT: [0.001, np.nan, 0.001]}))
    found = distribute(gap, [60], rule(equal=1), draws=0)
    # 0.01 and 0.03 people.
    assert found.regions["present_scaled"].tolist() == [15, 0, 45]
    apart = found.distances.set_index(["first", "second"])["dissimilarity"]
    assert apart.to_dict() == pytest.approx({
        ("persons", "by_population"): (1 / 3 - 1 / 6 + 1 / 2 - 1 / 3) / 2,
        ("persons", "present"): (1 / 3 - 1 / 4 + 1 / 3 + 3 / 4 - 1 / 3) / 2,
        ("by_population", "present"): (1 / 4 - 1 / 6 + 1 / 3 + 3 / 4 - 1 / 2) / 2,
    })  # fmt: skip


def test_without_inhabitants_nothing_is_compared_with_them():
    bare = scores(Recipe(), VALUES.drop(columns=PRESENT), REGIONS[["name"]])
    for draws in (0, 20):
        table = distribute(bare, [6], rule(score_only=1), draws=draws).regions
        gaps = ["population", "per_1000", "by_population", "difference", "more", "fewer",
                "present", "present_scaled"]  # fmt: skip
        assert table[gaps].isna().all(axis=None)
        assert table["against_population"].tolist() == [""] * 3


def test_the_range_of_a_step_is_that_of_all_people_so_far():
    both = scores(Recipe())
    found = distribute(both, [100, 300, 200], rule(score=1), draws=40)
    assert found.steps.index.tolist() == list(range(9))
    assert found.steps["step"].tolist() == [1] * 3 + [2] * 3 + [3] * 3
    assert found.steps["region"].tolist() == list("PQR") * 3
    for step, total in ((1, 100), (2, 400), (3, 600)):
        at_once = distribute(both, [total], rule(score=1), draws=40).regions
        part = found.steps[found.steps["step"] == step]
        for end in ("p05", "p95"):
            assert part[f"so_far_{end}"].tolist() == at_once[f"persons_{end}"].tolist()
    last = found.steps.tail(3).set_index("region")
    for end in ("p05", "p95"):
        assert found.regions[f"persons_{end}"].to_dict() == last[f"so_far_{end}"].to_dict()


def test_sums_by_land_by_hand():
    # By score 30, 30 and 0; by inhabitants 10, 20 and 30; 100, 20 and 150 are there now.
    table = distribute(scores(), [60], rule(score=1), draws=0).lands
    ends = ["persons_p05", "persons_p95"]
    assert table[ends].isna().all(axis=None)
    assert table.drop(columns=ends).T.to_dict() == {
        "01": {"regions": 2, "population": 30_000, "persons": 60, "per_1000": 2,
               "by_population": 30, "difference": 30, "present": 120, "present_scaled": 27},
        "02": {"regions": 1, "population": 30_000, "persons": 0, "per_1000": 0,
               "by_population": 30, "difference": -30, "present": 150, "present_scaled": 33},
    }  # fmt: skip
    some = distribute(scores(), [60], rule(score=1, land=("01",)), draws=0).lands
    assert some["persons"].to_dict() == {"01": 60}
    assert distribute(scores(regions=REGIONS.drop(columns="land")), [60], rule()).lands.empty


def test_ends_of_a_range_by_hand():
    column = np.random.default_rng(1).permutation(np.arange(1, 21))[:, None]
    # 5 % of 20 draws are one, 95 % are 19; of 1,000 draws 50 and 950.
    assert [end.tolist() for end in ends_of(column)] == [[1], [19]]
    assert [end.tolist() for end in ends_of(np.arange(1, 1_001)[:, None])] == [[50], [950]]
    assert [end.tolist() for end in ends_of(np.array([[7, 8]]))] == [[7, 8], [7, 8]]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        # Draws of 20 with more, as many and fewer people than by inhabitants.
        ({"P": (19, 1, 0), "Q": (0, 1, 19), "R": (0, 19, 1)}, ["more", "fewer", "same"]),
        ({"P": (18, 2, 0), "Q": (0, 2, 18), "R": (10, 0, 10)}, ["open", "open", "open"]),
        ({"P": (1, 18, 1), "Q": (9, 10, 1), "R": (20, 0, 0)}, ["open", "open", "more"]),
    ],
)
def test_nearly_all_weightings_are_nineteen_of_twenty(counts, said):
    keys = pd.Index(list("RQP"))
    persons = np.array([30, 20, 10], dtype=object)
    drawn = np.array([[1] * more + [0] * same + [-1] * fewer
                      for more, same, fewer in (counts[key] for key in keys)])  # fmt: skip
    shared = Shared(
        scores(), keys, claimed=persons, high=np.array([UNBOUNDED] * 3, dtype=object),
        so_far=[persons], now=None, drawn=(drawn + persons[:, None].astype(int)).T,
    )  # fmt: skip
    table = region_table(shared)
    assert table["against_population"].tolist() == said
    assert table["more"].tolist() == [counts[key][0] / 20 for key in "PQR"]
    assert table["fewer"].tolist() == [counts[key][2] / 20 for key in "PQR"]
