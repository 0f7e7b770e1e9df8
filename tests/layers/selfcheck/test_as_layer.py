"""A self-check in the score: its region alone moves, and everything says why."""

from __future__ import annotations

import pytest
from checks import ANNA, BEN, BOTH, rater, selfcheck

from layers import Dataset, Recipe, robust, score
from layers.errors import SelfCheckError
from layers.extend import write
from layers.paths import default_recipe
from layers.selfcheck.as_layer import FLAG, LAYER, add_to, is_self_assessed, self_assessed
from layers.table import result_table

LENIENT = {"normalise": {"constant": "drop"}}


def recipe(**parts):
    return Recipe.parse({**LENIENT, **parts})


@pytest.fixture
def extended(toy):
    return add_to(toy, [BOTH])


def test_a_region_named_twice_is_refused(toy):
    with pytest.raises(SelfCheckError, match="named twice") as refused:
        add_to(toy, (one for one in (BOTH, BOTH)))
    assert refused.value.code == "twice"


def test_scores_of_all_others_are_the_same_to_the_last_bit(toy, extended):
    before, after = score(toy, recipe()), score(extended, recipe())
    others = before.index.index != "A1"
    assert before.index[others].equals(after.index[others])
    assert after.index["A1"] != before.index["A1"]
    moved = (after.ranks - before.ranks).abs()
    assert moved[others].max() <= 1


def test_the_layer_is_the_mean_of_the_fields_on_the_fixed_scale(extended):
    found = score(extended, recipe())
    work, health = (2.5 + 1) / 2, 3.0
    assert found.layers[LAYER]["A1"] == pytest.approx(100 * (work / 4 + health / 4) / 2)
    assert found.layers[LAYER].drop("A1").isna().all()
    assert found.normalised[f"{LAYER}_health"]["A1"] == 75.0


@pytest.mark.parametrize("weight", [0.2, 7, 1_000])
def test_no_weight_of_the_self_assessment_takes_a_score_from_the_others(toy, extended, weight):
    heavy = recipe(weights={f"layer:{LAYER}": weight})
    before, after = score(toy, recipe()), score(extended, heavy)
    others = before.index.drop("A1")
    assert list(after.index[others.index]) == pytest.approx(list(others), nan_ok=True, abs=1e-12)
    assert (after.coverage["index"][others.index] < 1).all()
    drawn = robust(extended, heavy, draws=40).bands["ranked"]
    assert (drawn[after.index.notna()] == 1).all()


def test_nobody_else_is_screened_out_or_given_a_guess(toy, extended):
    strict = recipe(screen={"minimum": 0.5}, impute={"method": "median"},
                    treat={"method": "winsorise"})  # fmt: skip
    found, plain = score(extended, strict), score(toy, strict)
    others = plain.index.index != "A1"
    assert plain.index[others].equals(found.index[others])
    assert found.prepared.compared.equals(plain.prepared.compared)
    assert not found.imputed_cells[f"{LAYER}_work"].any()


def test_a_method_without_ends_leaves_it_out_and_says_so(toy, extended):
    found = score(extended, recipe(normalise={"method": "zscore", "constant": "drop"}))
    assert {one.code for one in found.warnings if one.about.startswith(LAYER)} == {"fixed_scale"}
    plain = score(toy, recipe(normalise={"method": "zscore", "constant": "drop"}))
    assert found.index.equals(plain.index)
    ranged = {"method": "rank", "range": [0, 100], "constant": "drop"}
    assert score(extended, recipe(normalise=ranged)).normalised[f"{LAYER}_health"]["A1"] == 75.0


def test_tables_mark_the_score_that_contains_it(extended):
    found = score(extended, recipe())
    flags = result_table(found).set_index("region")["flags"]
    assert FLAG in flags["A1"].split()
    assert not flags.drop("A1").str.contains(FLAG).any()
    assert list(is_self_assessed(found)[lambda one: one].index) == ["A1"]
    assert self_assessed(extended) == ("A1",)
    without = recipe(weights={f"layer:{LAYER}": 0})
    assert not is_self_assessed(score(extended, without)).any()


def test_a_written_folder_gives_the_same_scores(extended, tmp_path):
    write(extended, tmp_path / "own")
    again = Dataset.open(tmp_path / "own")
    assert again.catalogue.layer_by_id[LAYER].optional
    assert again.catalogue.indicator_by_id[f"{LAYER}_work"].scale == (0, 4)
    chosen = default_recipe(again)
    assert score(again, chosen).index.equals(score(extended, chosen).index)


def test_two_regions_can_have_one_each(toy):
    both = add_to(toy, [BOTH, selfcheck(ANNA, region="B2")])
    assert self_assessed(both) == ("A1", "B2")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (selfcheck(BEN, region="ZZ"), "unknown_region"),
        (selfcheck(), "no_answer"),
        (selfcheck(rater("A", work__levels="not_ours")), "no_answer"),
    ],
)
def test_what_cannot_be_added_is_refused(toy, check, code):
    with pytest.raises(SelfCheckError) as caught:
        add_to(toy, [check])
    assert caught.value.code == code
