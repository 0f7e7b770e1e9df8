import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import RecipeError
from layers.weighting.judgement import budget, kendall_w, pairwise


def matrix(*rows, names="abc"):
    return pd.DataFrame(rows, index=list(names[: len(rows)]), columns=list(names[: len(rows)]))


def test_judgements_without_contradiction_give_back_their_weights():
    found = pairwise(matrix([1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]))
    np.testing.assert_allclose(found.weights, [4 / 7, 2 / 7, 1 / 7])
    assert found.eigenvalue == pytest.approx(3)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert found.consistent
    assert found.worst is None


def test_the_closed_form_for_three_members():
    # a 3 times b, b 3 times c, but a only 5 times c. With t^3 = 5 / (3 * 3) the eigenvalue is
    # 1 + t + 1/t; the weights are the geometric means of the rows.
    found = pairwise(matrix([1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]))
    t = (5 / 9) ** (1 / 3)
    means = np.array([3 * 5, 1 / 3 * 3, 1 / 5 * 1 / 3]) ** (1 / 3)
    np.testing.assert_allclose(found.weights, means / means.sum())
    assert found.eigenvalue == pytest.approx(1 + t + 1 / t)
    assert found.consistency_index == pytest.approx((t + 1 / t - 2) / 2)
    assert found.consistency_ratio == pytest.approx((t + 1 / t - 2) / 2 / 0.58)


def test_contradicting_judgements_are_named():
    # a before b before c before a, and d like nobody in particular.
    found = pairwise(
        matrix([1, 3, 1 / 9, 1], [1 / 3, 1, 3, 1], [9, 1 / 3, 1, 1], [1, 1, 1, 1], names="abcd")
    )
    assert not found.consistent
    assert set(found.worst) == {"a", "c"}
    assert found.implied == pytest.approx(
        found.weights[found.worst[0]] / found.weights[found.worst[1]]
    )


def test_one_of_two_opposite_cells_is_enough():
    nan = np.nan
    half = pairwise(matrix([nan, 3, 5], [nan, nan, 3], [nan, nan, nan]))
    full = pairwise(matrix([1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]))
    np.testing.assert_allclose(half.weights, full.weights)


@pytest.mark.parametrize("size", [1, 2])
def test_one_or_two_members_cannot_contradict_each_other(size):
    found = pairwise(matrix([1, 4], [1 / 4, 1]).iloc[:size, :size])
    np.testing.assert_allclose(found.weights, [[1], [4 / 5, 1 / 5]][size - 1])
    assert found.consistency_ratio == 0


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8))
def test_ratios_of_any_weights_are_consistent(given_weights):
    weights = np.array(given_weights)
    names = [f"m{i}" for i in range(len(weights))]
    found = pairwise(pd.DataFrame(weights[:, None] / weights, index=names, columns=names))
    np.testing.assert_allclose(found.weights, weights / weights.sum(), rtol=1e-6)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


@given(st.lists(st.sampled_from([1 / 9, 1 / 3, 1, 2, 5, 9]), min_size=6, max_size=6))
def test_the_eigenvalue_equation_holds(judgements):
    judged = np.ones((4, 4))
    judged[np.triu_indices(4, 1)] = judgements
    judged[np.tril_indices(4, -1)] = 1 / judged.T[np.tril_indices(4, -1)]
    found = pairwise(matrix(*judged.tolist(), names="abcd"))
    w = found.weights.to_numpy()
    assert (w > 0).all()
    np.testing.assert_allclose(judged @ w, found.eigenvalue * w, rtol=1e-9)
    assert found.consistency_index >= 0


@pytest.mark.parametrize(
    ("given_matrix", "message"),
    [
        (matrix([1, 3], [0.33, 1]), r"row 'a', column 'b': 3 is not the reciprocal .*1/0.33"),
        (matrix([2, 3], [1 / 3, 1]), "row 'a', column 'a'"),
        (matrix([1, -3], [-1 / 3, 1]), "a finite number above 0"),
        (matrix([1, 0], [np.nan, 1]), "a finite number above 0"),
        (matrix([1, np.nan], [np.nan, 1]), "row 'a', column 'b'.*opposite cell"),
        (matrix([1, "viel"], ["wenig", 1]), "every cell must hold a number"),
        (pd.DataFrame([[1, 2]], index=["a"], columns=["a", "b"]), "the same members"),
        (pd.DataFrame(), "the same members"),
        (pd.DataFrame(np.ones((16, 16))), "at most 15"),
    ],
)
def test_broken_matrices_are_refused_in_one_line(given_matrix, message):
    with pytest.raises(RecipeError, match=message) as error:
        pairwise(given_matrix)
    assert "\n" not in str(error.value)


PEOPLE = pd.DataFrame(
    {"a": [50, 60, 10], "b": [30, 20, 30], "c": [20, 20, 60]}, index=["Ana", "Bo", "Cem"]
)


def test_the_mean_budget_and_the_disagreement():
    found = budget(PEOPLE)
    np.testing.assert_allclose(found.weights, [1.2 / 3, 0.8 / 3, 1.0 / 3])
    # Shares of c: 0.2, 0.2, 0.6 with the mean 1/3.
    off = [(0.2 - 1 / 3) ** 2, (0.2 - 1 / 3) ** 2, (0.6 - 1 / 3) ** 2]
    assert found.members.loc["c", "deviation"] == pytest.approx(np.sqrt(sum(off) / 2))
    assert found.members.loc["a", ["lowest", "highest"]].tolist() == [0.1, 0.6]
    assert found.people == 3


def test_the_median_budget_is_scaled_to_one():
    np.testing.assert_allclose(budget(PEOPLE, how="median").weights, [0.5, 0.3, 0.2])
    shifted = PEOPLE.assign(b=[30, 10, 30], c=[20, 30, 60])
    np.testing.assert_allclose(
        budget(shifted, how="median").weights, np.array([0.5, 0.3, 0.3]) / 1.1
    )


def test_concordance_with_ties():
    # Ranks 3 2 1; 3 1.5 1.5; 1 2 3: sums 7, 5.5, 5.5; S = 1 + 1/4 + 1/4; one tie of two (T = 6).
    assert budget(PEOPLE).kendall_w == pytest.approx(12 * 1.5 / (9 * 24 - 3 * 6))


def test_concordance_of_the_same_and_of_opposite_orders():
    same = pd.DataFrame([[1, 2, 3], [10, 20, 30]])
    assert kendall_w(same) == pytest.approx(1)
    assert kendall_w(pd.DataFrame([[1, 2, 3], [3, 2, 1]])) == 0
    assert kendall_w(pd.DataFrame([[1, 1, 2], [1, 1, 2]])) == pytest.approx(1)


def test_concordance_is_unknown_where_nobody_prefers_anything():
    assert budget(pd.DataFrame([[50, 50], [50, 50]])).kendall_w is None


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=6))
def test_weights_are_shares_and_agreement_is_a_share(rows):
    points = np.array(rows, dtype=float) + 1
    shares = pd.DataFrame(100 * points / points.sum(axis=1, keepdims=True))
    for how in ("mean", "median"):
        found = budget(shares, how=how)
        assert found.weights.sum() == pytest.approx(1)
        assert (found.weights >= 0).all()
        assert found.kendall_w is None or -1e-9 <= found.kendall_w <= 1 + 1e-9


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        (PEOPLE.assign(a=[50, 61, 10]), {}, "row 'Bo' adds up to 101; 100 is needed"),
        (PEOPLE.assign(a=[-50, 60, 10]), {}, "row 'Ana' holds a gap or a negative"),
        (PEOPLE.assign(a=[50, 60, np.nan]), {}, "row 'Cem' holds a gap"),
        (PEOPLE.assign(a="viel"), {}, "every cell must hold a number"),
        (PEOPLE.iloc[:1], {}, "at least two people"),
        (PEOPLE, {"how": "loudest"}, "allowed: mean, median"),
        (PEOPLE, {"total": 0}, "total = 0"),
        (pd.DataFrame(np.eye(3)), {"how": "median", "total": 1}, "median of every member is 0"),
    ],
)
def test_broken_budgets_are_refused_in_one_line(points, options, message):
    with pytest.raises(RecipeError, match=message) as error:
        budget(points, **options)
    assert "\n" not in str(error.value)
