import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import RecipeError
from layers.weighting.data_weights import METHODS, data_weights

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


@given(matrices, st.sampled_from(list(METHODS)))
def test_weights_are_shares(matrix, method):
    found = weights(pd.DataFrame(matrix), method)
    assert (found.weights >= 0).all()
    assert found.weights.sum() == pytest.approx(1)
    assert np.isfinite(found.members.to_numpy()).all()


@given(matrices, st.sampled_from(["pca", "factor", "critic", "equal_correlation"]))
def test_the_weighted_mean_does_not_depend_on_units(matrix, method):
    values = tame(matrix)
    factors = np.arange(2.0, 2 + values.shape[1])
    one, other = weights(values, method), weights(values * factors - 7, method)
    scaled = other.weights * factors
    np.testing.assert_allclose(scaled / scaled.sum(), one.weights, rtol=1e-6, atol=1e-7)


@given(matrices, st.sampled_from(list(METHODS)), st.randoms(use_true_random=False))
def test_the_order_of_regions_has_no_effect(matrix, method, shuffle):
    values = tame(matrix)
    rows = list(values.index)
    shuffle.shuffle(rows)
    one, other = weights(values, method), weights(values.loc[rows], method)
    np.testing.assert_allclose(other.weights, one.weights, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_a_single_member_has_all_the_weight(method):
    assert data_weights(frame(a=[1.0, 2, 4]), method).weights.tolist() == [1]


@pytest.mark.parametrize("method", METHODS)
def test_regions_with_gaps_are_left_out_and_counted(method):
    values = frame(a=[1.0, 2, 4, 3, np.nan], b=[2.0, 3, 3, 5, 1])
    found = data_weights(values, method)
    assert (found.regions, found.left_out) == (4, 1)
    assert found.weights.tolist() == data_weights(values.dropna(), method).weights.tolist()


@pytest.mark.parametrize(
    ("values", "method", "message"),
    [
        (frame(a=H1), "guess", "unknown method 'guess'; allowed: equal, pca"),
        (frame(), "equal", "members are missing"),
        (frame(a=[1.0, 2], b=[2.0, 1]), "equal", "only 2 regions"),
        (frame(a=[1.0, 2, np.nan], b=[np.nan, 1, 2]), "pca", "only 1 regions"),
        (frame(a=[1.0, 2, 3], b=[4.0, 4, 4]), "pca", "'b' is the same in all regions"),
        (frame(a=[1.0, 2, np.inf]), "equal", "infinite"),
    ],
)
def test_nonsense_is_refused_in_one_line(values, method, message):
    with pytest.raises(RecipeError, match=message) as error:
        data_weights(values, method)
    assert "\n" not in str(error.value)
