import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from strategies import dataset, flat, indicator, layer, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.study.coherence import coherence, correlations, cronbach_alpha, pairs, reliability

REGIONS = [f"R{i}" for i in range(4)]
OPEN = Recipe.parse({"aggregate": {"min_coverage": 0.0}})


def frame(**columns):
    return pd.DataFrame(columns, index=REGIONS, dtype=float)


def pair(table, a, b):
    return table.set_index(["a", "b"]).loc[(a, b)]


@pytest.fixture
def made():
    # Min-max leaves these values as they are, apart from the factor 100 / 3. The index is the
    # mean of the layers one (a, b) and two (c, d).
    values = frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2], c=[3, 2, 1, 0], d=[0, 3, 3, 0])
    layers = [layer("one", indicator("a"), indicator("b")),
              layer("two", indicator("c"), indicator("d"))]  # fmt: skip
    return score(dataset(layers, values), Recipe())


def test_correlations_by_hand(made):
    table = pairs(made)
    # Deviations -1.5 -0.5 0.5 1.5 and -1.5 -0.5 1.5 0.5: 4 / 5.
    assert pair(table, "indicator:a", "indicator:b")["correlation"] == pytest.approx(4 / 5)
    assert pair(table, "indicator:a", "indicator:c")["correlation"] == pytest.approx(-1)
    assert pair(table, "indicator:c", "indicator:d")["correlation"] == pytest.approx(0)
    # a + b has the deviations -3 -1 2 2.
    with_layer = (1.5 * 3 + 0.5 * 1 + 0.5 * 2 + 1.5 * 2) / np.sqrt(5 * 18)
    assert pair(table, "indicator:a", "layer:one")["correlation"] == pytest.approx(with_layer)


def test_each_pair_says_how_its_ends_are_related(made):
    relation = pairs(made).set_index(["a", "b"])["relation"]
    assert relation["indicator:a", "indicator:b"] == "siblings"
    assert relation["layer:one", "layer:two"] == "siblings"
    assert relation["indicator:a", "layer:one"] == "above"
    assert relation["indicator:a", "index"] == "above"
    assert relation["indicator:a", "indicator:c"] == "across"
    assert relation["indicator:a", "layer:two"] == "across"
    assert len(relation) == 7 * 6 / 2


def test_flags_at_their_limits(made):
    flag = pairs(made, collinear=0.7, negative=-0.5).set_index(["a", "b"])["flag"]
    assert flag["indicator:a", "indicator:b"] == "collinear"
    # A layer is correlated with its own parts: no news. Layers pulling apart in the index are.
    assert flag["indicator:a", "layer:one"] == ""
    assert flag["indicator:a", "indicator:c"] == ""
    # Deviations -3 -1 2 2 and 0 2 1 -3 (times one half): -6 / sqrt(18 * 14) = -0.38.
    assert flag["layer:one", "layer:two"] == ""
    nearer = pairs(made, negative=-0.37)
    assert pair(nearer, "layer:one", "layer:two")["flag"] == "negative"
    # 0.8 is not above 0.8 (with a hair for the rounding of the correlation).
    assert pair(pairs(made, collinear=0.8 + 1e-12), "indicator:a", "indicator:b")["flag"] == ""


def test_nothing_is_above_one_or_below_minus_one():
    values = frame(a=[0, 1, 2, 3], b=[0, 1, 2, 3], c=[3, 2, 1, 0])
    table = pairs(score(flat(values), Recipe()), collinear=1, negative=-1)
    assert pair(table, "indicator:a", "indicator:b")["correlation"] == 1
    assert pair(table, "layer:layer_a", "layer:layer_c")["correlation"] == -1
    assert set(table["flag"]) == {""}


def test_an_indicator_against_its_own_index_is_flagged(made):
    heavy = Recipe(weights={"layer:one": 9.0})
    table = coherence(score(made.dataset, heavy)).flagged
    found = table[(table["a"] == "indicator:c") & (table["b"] == "index")]
    assert found["flag"].tolist() == ["negative"]


def test_directions_are_turned_before_correlations():
    values = frame(a=[0, 1, 2, 3], b=[3, 2, 1, 0])
    scores = score(flat(values, {"b": "-"}), Recipe())
    found = pair(pairs(scores), "indicator:a", "indicator:b")
    assert found["correlation"] == pytest.approx(1)
    assert found["flag"] == "collinear"


def test_a_missing_correlation_has_a_reason():
    nan = np.nan
    values = frame(a=[0, 1, 2, nan], b=[nan, nan, 1, 2], c=[5, 5, 5, 6])
    table = pairs(score(flat(values), OPEN))
    few = pair(table, "indicator:a", "indicator:b")
    assert (few["reason"], few["regions"]) == ("regions", 1)
    assert np.isnan(few["correlation"])
    # c differs only where a has no value.
    flat_pair = pair(table, "indicator:a", "indicator:c")
    assert (flat_pair["reason"], flat_pair["regions"]) == ("constant", 3)
    given = table["reason"] == ""
    assert table.loc[given, "correlation"].notna().all()
    assert table.loc[~given, "correlation"].isna().all()


def test_rank_correlations_by_hand():
    values = frame(a=[1, 2, 3, 4], b=[1, 10, 100, 50])
    # One swap of neighbours: rho = 1 - 6 * 2 / (4 * 15), tau = (5 - 1) / 6.
    assert correlations(values, "spearman").loc["a", "b"] == pytest.approx(1 - 12 / 60)
    assert correlations(values, "kendall").loc["a", "b"] == pytest.approx(4 / 6)


def test_correlations_are_those_of_values_unless_asked_otherwise():
    values = frame(a=[1, 2, 3, 4], b=[1, 10, 100, 50])
    expected = np.corrcoef(values["a"], values["b"])[0, 1]
    assert correlations(values).loc["a", "b"] == pytest.approx(expected)


def test_two_rows_show_no_correlation_and_three_do():
    values = frame(a=[1, 2, 3, 4], b=[2, 1, np.nan, np.nan], c=[1, 2, 3, np.nan])
    found = correlations(values)
    assert np.isnan(found.loc["a", "b"])
    assert found.loc["a", "c"] == pytest.approx(1)


def test_parts_stand_before_what_lies_above_them():
    values = frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2], c=[3, 2, 0, 1], d=[0, 3, 3, 1])
    table = pairs(score(nested(values), Recipe()))
    order = ["indicator:a", "indicator:b", "indicator:c", "indicator:d",
             "layer:left", "layer:top", "layer:right", "index"]  # fmt: skip
    assert table["a"].unique().tolist() == order[:-1]
    above = {(row.a, row.b) for row in table[table["relation"] == "above"].itertuples()}
    assert above == {
        ("indicator:a", "layer:left"), ("indicator:b", "layer:left"),
        *((part, "layer:top") for part in (*order[:3], "layer:left")),
        ("indicator:d", "layer:right"), *((part, "index") for part in order[:-1]),
    }  # fmt: skip


@given(tables())
def test_every_pair_once_and_within_bounds(values):
    scores = score(nested(values), OPEN)
    table = pairs(scores)
    assert not table[["a", "b"]].apply(frozenset, axis=1).duplicated().any()
    assert table["correlation"].dropna().between(-1, 1).all()
    assert (table["correlation"].isna() == (table["reason"] != "")).all()


@given(tables(gaps=False))
def test_correlations_against_numpy(values):
    scores = score(nested(values), Recipe())
    table = pairs(scores)
    one, other = scores.normalised["a"], scores.normalised["d"]
    expected = np.corrcoef(one, other)[0, 1]
    assert pair(table, "indicator:a", "indicator:d")["correlation"] == pytest.approx(expected)


def test_what_has_no_weight_is_not_looked_at(made):
    off = Recipe(weights={"layer:two": 0.0, "indicator:b": 0.0})
    table = pairs(score(made.dataset, off))
    assert set(table["a"]) | set(table["b"]) == {"indicator:a", "layer:one", "index"}


def test_alpha_by_hand():
    x = np.array([1.0, 2, 3, 4])
    # The same twice: 2 (1 - 2 v / 4 v). Unrelated: 2 (1 - 2 v / 2 v). Opposed: nothing is left.
    assert cronbach_alpha(np.column_stack([x, x])) == pytest.approx(1)
    square = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    assert cronbach_alpha(square) == pytest.approx(0)
    assert cronbach_alpha(np.column_stack([x, -x])) == -np.inf


@pytest.mark.parametrize("unit", [1e-9, 1, 1e9])
def test_alpha_has_no_unit(unit):
    values = np.column_stack([[1.0, 2, 3, 4], [1.0, 2, 4, 3]])
    # Variances 5/3 each, 6 of the sum: 2 (1 - (10/3) / 6).
    assert cronbach_alpha(values * unit) == pytest.approx(2 * (1 - (5 + 5) / 18))


@given(tables(gaps=False))
def test_alpha_of_standardised_values_follows_the_mean_correlation(values):
    # k r / (1 + (k - 1) r) for k standardised members with the mean correlation r.
    if (values.std() < 1e-9).any():
        return
    scaled = ((values - values.mean()) / values.std()).to_numpy()
    r = (np.corrcoef(scaled, rowvar=False).sum() - 4) / 12
    if 1 + 3 * r > 1e-6:
        assert cronbach_alpha(scaled) == pytest.approx(4 * r / (1 + 3 * r))


def test_reliability_of_layers(made):
    table = reliability(made)
    assert table.index.tolist() == ["one", "two", ""]
    assert table.loc["one", "alpha"] == pytest.approx(2 * (1 - (5 + 5) / 18))
    # Eigenvalues 1 + 0.8 and 1 - 0.8.
    assert table.loc["one", "first_share"] == pytest.approx(1.8 / 2)
    assert table.loc["one", ["above_one", "opposed"]].tolist() == [1, 0]
    # Uncorrelated members: one and the same eigenvalue, no dimension stands out.
    assert table.loc["two", "above_one"] == 0
    assert table.loc["", "opposed"] == 1
    assert table.columns.tolist() == [
        "members", "regions", "alpha", "first_share", "above_one", "opposed", "reason"
    ]  # fmt: skip
    assert (table["members"] == 2).all()
    assert (table["regions"] == 4).all()


def test_layers_are_summed_up_by_their_first_component():
    # a and b correlate with 0.8, c with neither: eigenvalues 1.8, 1 and 0.2. In the second layer
    # the third of three alike is turned: eigenvalues 3, 0 and 0. In the third one turned member
    # stands before two others and one that goes with nobody. In the last all go together.
    values = frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2], c=[8, 0, 6, 6], d=[0, 1, 2, 3], e=[0, 2, 4, 6],
                   f=[3, 2, 1, 0], g=[3, 2, 1, 0], h=[0, 1, 2, 3], i=[8, 0, 6, 6],
                   j=[0, 1, 3, 2], k=[0, 1, 2, 3], l=[0, 1, 3, 2], m=[1, 0, 2, 3])  # fmt: skip
    members = {"one": "abc", "two": "def", "three": "ghij", "four": "klm"}
    layers = [layer(key, *map(indicator, parts)) for key, parts in members.items()]
    table = reliability(score(dataset(layers, values), Recipe())).drop("")
    assert table["members"].tolist() == [3, 3, 4, 3]
    assert table.loc["one", "first_share"] == pytest.approx(1.8 / 3)
    assert table.loc["two", "first_share"] == pytest.approx(3 / 3)
    assert table["above_one"].tolist() == [1, 1, 1, 1]
    # Who has no part in the first component does not count as opposed.
    assert table["opposed"].tolist() == [0, 1, 1, 0]


def test_three_regions_are_enough_and_two_are_not():
    values = frame(a=[0, 1, 2, np.nan], b=[0, 2, 1, np.nan], c=[0, 1, 2, np.nan],
                   d=[np.nan, np.nan, 1, 2])  # fmt: skip
    layers = [layer("one", indicator("a"), indicator("b")),
              layer("two", indicator("c"), indicator("d"))]  # fmt: skip
    made = dataset(layers, values)
    table = reliability(score(made, OPEN))
    # Only one region has both c and d.
    assert table.loc["one", ["regions", "reason"]].tolist() == [3, ""]
    assert table.loc["two", ["regions", "reason"]].tolist() == [1, "regions"]
    assert np.isnan(table.loc["two", "first_share"])
    one = score(made, Recipe(weights={"layer:two": 0.0}))
    assert coherence(one).layers.loc["one", "alpha"] == table.loc["one", "alpha"]


def test_a_member_without_spread_leaves_the_layer_without_an_alpha():
    # c differs in R3 alone, where d has no value.
    values = frame(c=[5, 5, 5, 6], d=[1, 2, 3, np.nan])
    layers = [layer("one", indicator("c"), indicator("d"))]
    table = reliability(score(dataset(layers, values), OPEN))
    assert table.loc["one", ["regions", "reason"]].tolist() == [3, "constant"]
    assert np.isnan(table.loc["one", "alpha"])


def test_a_layer_of_one_has_a_reason_instead_of_an_alpha():
    table = reliability(score(flat(frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2])), Recipe()))
    assert table.loc["layer_a", "reason"] == "one member"
    assert np.isnan(table.loc["layer_a", "alpha"])
    assert table.loc["", "reason"] == ""


def test_the_bundle_holds_every_table(made):
    found = coherence(made, kind="spearman", collinear=0.7, negative=-0.3)
    assert (found.kind, found.collinear, found.negative) == ("spearman", 0.7, -0.3)
    pd.testing.assert_frame_equal(
        found.pairs, pairs(made, kind="spearman", collinear=0.7, negative=-0.3)
    )
    assert found.flagged["correlation"].abs().is_monotonic_decreasing
    assert len(found.weights) == 6
    assert found.variance["variance_share"].sum() == pytest.approx(1)
    assert found.groups["indicator"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "guess"}, "unknown correlation 'guess'; allowed: pearson, spearman, kendall"),
        ({"collinear": 1.5}, "limits 1.5 and -0.4"),
        ({"collinear": 0}, "limits 0 and -0.4"),
        ({"negative": 0.4}, "limits 0.9 and 0.4"),
        ({"negative": 0}, "limits 0.9 and 0"),
        ({"negative": -1.5}, "limits 0.9 and -1.5"),
    ],
)
def test_nonsense_is_refused(made, options, message):
    with pytest.raises(RecipeError, match=message):
        coherence(made, **options)


def test_two_regions_show_no_coherence():
    scores = score(flat(frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2]).iloc[:2]), Recipe())
    with pytest.raises(RecipeError, match="3 regions with a score are needed"):
        coherence(scores)
