from dataclasses import replace

import pytest

from geo.maps import MISSING, OUTSIDE
from geo.maps.page import draw
from layers.errors import PotenzialatlasError


def test_gaps_and_unsure_classes_are_counted(sheet):
    assert (sheet.missing, sheet.outside, sheet.doubtful) == (1, 0, 1)


def test_what_is_outside_is_counted_once(sheet):
    codes, dim = [0, OUTSIDE, 1, MISSING, 0], [True, True, False, False, False]
    assert replace(sheet, codes=codes, dim=dim).outside == 2


def test_what_is_pale_is_told_from_what_has_no_class(sheet):
    assert not sheet.paled
    assert not replace(sheet, dim=[False, False, False, True, False]).paled
    assert replace(sheet, dim=[True, False, False, False, False]).paled


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"codes": [0]}, "codes has 1 entries for 5 regions"),
        ({"doubt": [True]}, "doubt has 1"),
        ({"dim": []}, "dim has 0"),
        ({"codes": [0, 0, 0, 0, 2]}, "class 2 does not exist; allowed are -2 to 1"),
        ({"highlight": "99"}, "'99'"),
    ],
)
def test_what_does_not_fit_is_refused(sheet, change, words):
    with pytest.raises(PotenzialatlasError, match=words):
        replace(sheet, **change)


def test_all_kinds_of_regions_can_be_drawn_at_once(sheet):
    full = replace(
        sheet, codes=[0, OUTSIDE, 1, MISSING, 0], dim=[False, False, True, False, False],
        highlight="05", language="en",
    )  # fmt: skip
    figure = draw(full)
    said = [one.get_text() for one in figure.axes[0].texts]
    assert "outside the selection" in said
    assert "2" in said


def test_a_long_legend_makes_the_sheet_higher(sheet):
    long = replace(sheet, note="Sehr viele Worte. " * 200)
    assert draw(long).get_figheight() > draw(sheet).get_figheight() + 2
    lowest = min(one.get_position()[1] for one in draw(long).axes[0].texts)
    assert lowest > 0
