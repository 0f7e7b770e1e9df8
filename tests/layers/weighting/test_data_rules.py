import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import RecipeError
from layers.weighting.data_weights import data_weights

#: Uncorrelated columns of mean 0 and equal spread.
H1, H2, H3 = np.array([
    [1, 1, 1, 1, -1, -1, -1, -1], [1, 1, -1, -1, 1, 1, -1, -1], [1, -1, 1, -1, 1, -1, 1, -1],
], dtype=float)  # fmt: skip

shapes = st.tuples(st.integers(5, 9), st.integers(2, 4))
matrices = arrays(float, shapes, elements=st.integers(0, 400).map(lambda whole: whole / 4))


def frame(**columns):
    return pd.DataFrame(columns)


def weights(values, method):
    """Weights, or a skipped example where the method refuses."""
    try:
        return data_weights(values, method)
    except RecipeError:
        assume(False)


def tame(matrix):
    """Columns that all differ, and are no rounding of one another."""
    assume((np.ptp(matrix, axis=0) > 0).all())
    assume(np.linalg.eigvalsh(np.corrcoef(matrix, rowvar=False))[0] > 1e-3)
    return pd.DataFrame(matrix, columns=[f"m{i}" for i in range(matrix.shape[1])])


def test_equal():
    assert data_weights(frame(a=H1, b=H2, c=H3), "equal").weights.tolist() == [1 / 3] * 3


def test_pca_of_two_equal_members_and_an_unrelated_one():
    # The correlations are a block of ones and a 1 apart: eigenvalues 2, 1, 0.
    found = data_weights(frame(a=H1, b=H1, c=H2), "pca")
    np.testing.assert_allclose(found.weights, [1 / 2, 1 / 2, 0], atol=1e-12)
    np.testing.assert_allclose(found.members["loading"], [1, 1, 0], atol=1e-12)
    assert found.facts == pytest.approx({"eigenvalue": 2, "explained": 2 / 3})


def test_pca_divides_by_the_deviation():
    # Two correlated members load equally; the one with 3 times the spread gets a third.
    found = data_weights(frame(a=H1, b=3 * (0.6 * H1 + 0.8 * H2)), "pca")
    np.testing.assert_allclose(found.weights, [3 / 4, 1 / 4])


@given(matrices)
def test_pca_gives_the_component_itself(matrix):
    values = tame(matrix)
    found = weights(values, "pca")
    scaled = (values - values.mean()) / values.std()
    component = scaled @ np.linalg.svd(scaled, full_matrices=False)[2][0]
    assert abs(np.corrcoef(values @ found.weights, component)[0, 1]) == pytest.approx(1)


def test_pca_refuses_members_that_run_against_each_other():
    with pytest.raises(RecipeError, match="'c' runs against the other members"):
        data_weights(frame(a=H1 + H2, b=H1 - H2, c=-H1), "pca")


def test_pca_refuses_when_no_component_is_the_first():
    with pytest.raises(RecipeError, match="no first one stands out"):
        data_weights(frame(a=H1, b=H2), "pca")


def test_factors_of_two_pairs_and_one_alone():
    # Correlations 0.8 in the pair a, b and 0.6 in c, d; e alone: eigenvalues 1.8 and 1.6 are kept
    # (68 % > 60 %). Squared loadings 1.8 / 2 and 1.6 / 2, and 0 for e.
    # Six uncorrelated columns of equal spread: e is uncorrelated with the rest.
    h4, h5 = H1 * H2, H1 * H3
    values = frame(a=H1, b=0.8 * H1 + 0.6 * H2, c=H3, d=0.6 * H3 + 0.8 * h4, e=h5)
    found = data_weights(values, "factor")
    expected = np.array([0.9, 0.9, 0.8, 0.8, 0]) / (2 * 0.9 + 2 * 0.8)
    np.testing.assert_allclose(found.weights, expected, atol=1e-9)
    assert found.members["factor"].tolist()[:4] == [1, 1, 2, 2]
    assert found.facts == pytest.approx({"factors": 2, "explained": (1.8 + 1.6) / 5})


def test_unrelated_members_are_factors_of_their_own():
    found = data_weights(frame(a=H1, b=H2), "factor")
    np.testing.assert_allclose(found.weights, [1 / 2, 1 / 2])


def test_factor_shows_a_member_that_loads_against_its_factor():
    found = data_weights(frame(a=H1 + H2, b=H1 - H2 / 2, c=-H1), "factor")
    assert (found.members["loading"] < 0).tolist() == [False, False, True]


def test_entropy():
    # p = 1/4, 1/4, 1/2 has the entropy 3/2 ln 2; everything in one region has none.
    even = 1.5 * np.log(2) / np.log(3)
    found = data_weights(frame(a=[1.0, 1, 2], b=[0.0, 0, 9]), "entropy")
    np.testing.assert_allclose(found.weights, np.array([1 - even, 1]) / (2 - even))
    np.testing.assert_allclose(found.members["entropy"], [even, 0])


def test_entropy_refuses_negative_values():
    with pytest.raises(RecipeError, match=r"'b' has negative values \(-1\)"):
        data_weights(frame(a=[1.0, 2, 3], b=[-1.0, 2, 3]), "entropy")


def test_critic():
    # On [0, 1]: deviations 1/2 and sqrt(1/3), no correlation; b has 10 times the range.
    found = data_weights(frame(a=[0.0, 0.5, 1], b=[0.0, 10, 0]), "critic")
    raw = np.array([1 / 2, np.sqrt(1 / 3) / 10])
    np.testing.assert_allclose(found.weights, raw / raw.sum())
    np.testing.assert_allclose(found.members["conflict"], [1, 1])


def test_critic_refuses_members_that_say_the_same():
    with pytest.raises(RecipeError, match="all members are perfectly correlated"):
        data_weights(frame(a=H1, b=2 * H1 + 5), "critic")


def test_equal_correlation_solved_by_hand():
    # a and b correlate with 0.6, c with none: R u = const gives 1 / 1.6, 1 / 1.6, 1.
    found = data_weights(frame(a=H1, b=0.6 * H1 + 0.8 * H2, c=H3), "equal_correlation")
    raw = np.array([1 / 1.6, 1 / 1.6, 1])
    np.testing.assert_allclose(found.weights, raw / raw.sum())
    assert np.ptp(found.members["correlation"]) < 1e-9
    assert found.facts["exact"] == 1


def test_equal_correlation_where_only_a_negative_weight_would_be_exact():
    # c is the mean of the others: it gets no weight and correlates perfectly.
    found = data_weights(frame(a=H1, b=H2, c=(H1 + H2) / np.sqrt(2)), "equal_correlation")
    np.testing.assert_allclose(found.weights, [1 / 2, 1 / 2, 0], atol=1e-6)
    np.testing.assert_allclose(found.members["correlation"], [np.sqrt(1 / 2)] * 2 + [1])
    assert found.facts["exact"] == 0


def test_equal_correlation_shares_the_weight_of_a_member_that_comes_twice():
    found = data_weights(frame(a=H1, b=H1, c=H2), "equal_correlation")
    np.testing.assert_allclose(found.weights, [1 / 4, 1 / 4, 1 / 2], atol=1e-6)


@given(matrices, st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_no_weights_raise_the_lowest_correlation(matrix, other):
    values = tame(matrix)
    found = weights(values, "equal_correlation")
    correlation = values.corrwith(values @ found.weights)
    np.testing.assert_allclose(correlation, found.members["correlation"], atol=1e-9)
    rival = values @ other[: values.shape[1]]
    assume(rival.std() > 1e-6)
    assert values.corrwith(rival).min() <= found.facts["bound"] + 1e-9
    assert 0 <= found.facts["gap"] + 1e-12 < 1e-6


def test_equal_correlation_refuses_members_that_cancel_out():
    with pytest.raises(RecipeError, match="the members cancel out"):
        data_weights(frame(a=H1, b=-H1), "equal_correlation")


@pytest.mark.parametrize(("method", "oracle"), [("entropy", "entropy"), ("critic", "critic")])
def test_against_pymcdm(method, oracle):
    peers = pytest.importorskip("pymcdm.weights")
    values = np.random.default_rng(5).random((30, 6))
    values = (values - values.min(axis=0)) / np.ptp(values, axis=0) + (method == "entropy")
    expected = getattr(peers, f"{oracle}_weights")(values)
    np.testing.assert_allclose(data_weights(pd.DataFrame(values), method).weights, expected)


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_against_scikit_criteria(method):
    with warnings.catch_warnings():
        # Its own modules import what it is about to give up.
        warnings.simplefilter("ignore")
        peers = pytest.importorskip("skcriteria.preprocessing.weighters")
        values = np.random.default_rng(6).random((30, 6))
        values = (values - values.min(axis=0)) / np.ptp(values, axis=0) + (method == "entropy")
        if method == "entropy":
            expected = peers.entropy_weights(values)
        else:
            expected = peers.critic_weights(values, np.ones(6), scale=True)
    np.testing.assert_allclose(data_weights(pd.DataFrame(values), method).weights, expected)
