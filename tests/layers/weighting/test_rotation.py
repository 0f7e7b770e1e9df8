import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.weighting.rotation import varimax, varimax_criterion

loadings = arrays(
    float, st.tuples(st.integers(2, 6), st.integers(1, 3)),
    elements=st.integers(-8, 8).map(lambda whole: whole / 10),
)  # fmt: skip


def turned(matrix, angle):
    cosine, sine = np.cos(angle), np.sin(angle)
    return matrix @ np.array([[cosine, -sine], [sine, cosine]])


def test_a_hidden_simple_structure_is_found():
    simple = np.array([[0.9, 0], [0.8, 0], [0, 0.7]])
    found = np.abs(varimax(turned(simple, 0.4)))
    found = found[:, np.argsort(-found[0])]
    np.testing.assert_allclose(found, simple, atol=1e-9)


def test_a_symmetric_worst_start_is_left():
    # Halfway between the two factors the slope is 0, but the criterion is at its minimum.
    found = np.abs(varimax(np.array([[0.6, 0.6], [0.6, -0.6]])))
    np.testing.assert_allclose(np.sort(found, axis=1), [[0, 0.6 * np.sqrt(2)]] * 2, atol=1e-9)


@given(loadings)
def test_lengths_of_rows_and_correlations_between_them_stay(matrix):
    found = varimax(matrix)
    np.testing.assert_allclose(found @ found.T, matrix @ matrix.T, atol=1e-9)


@given(loadings, st.floats(0, np.pi))
def test_no_angle_does_better_for_two_factors(matrix, angle):
    matrix = matrix[:, :2]
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    assume(matrix.shape[1] == 2)
    assume((length > 0).all())
    best = varimax_criterion(varimax(matrix) / length)
    assert varimax_criterion(turned(matrix / length, angle)) <= best + 1e-9


def test_against_scikit_learn():
    analysis = pytest.importorskip("sklearn.decomposition")
    hidden = np.random.default_rng(3).normal(size=(200, 3))
    values = hidden @ np.random.default_rng(4).normal(size=(3, 7))
    plain = analysis.FactorAnalysis(3, rotation=None, svd_method="lapack").fit(values)
    peer = analysis.FactorAnalysis(3, rotation="varimax", svd_method="lapack").fit(values)
    # Rows of length 1: there the peer, which does not normalise rows, has the same criterion.
    length = np.linalg.norm(plain.components_, axis=0)[:, None]
    ours = varimax(plain.components_.T / length)
    assert varimax_criterion(ours) >= varimax_criterion(peer.components_.T / length) - 1e-9
