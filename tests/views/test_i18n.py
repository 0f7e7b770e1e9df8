"""Both languages must say everything, with the same placeholders, and write numbers their way."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import rurality
from geo.classes import SCHEMES
from geo.rasters.far_groups import WINDS
from geo.rasters.zonal import STATS
from layers.methods.outliers import Method as Treatment
from layers.recipe import MeanName, Normalise
from layers.study.distribution_rule import PARTS
from views.i18n import words

ROOT = Path(__file__).parents[2]
VIEWS = ROOT / "views"
DE, EN = words("de"), words("en")
METHODS = sorted(
    {
        *get_args(MeanName),
        *get_args(Treatment),
        *get_args(Normalise.model_fields["method"].annotation),
    }
)
#: How families of texts begin that are asked for by part: bound and word of a kind of place, name
#: of a map or a way of seeing, and what an operator has left open.
KINDS = (
    "kinds_words.", "colours.", "accessibility.no_", *(f"kinds.{one}_" for one in (
        "yardstick", "trend", "economy", "population", "size", "for", "meaning_economy", "view",
        "legend", "shaken", "doubt", "changes", "variant", "compare_scope",
    )),
)  # fmt: skip
#: Texts that are the same in both languages on purpose.
SAME = {"selfcheck.rater_number", "selfcheck.field_done", "selfcheck.tip_mean",
        "selfcheck.tip_rater", "selfcheck.note_line", "selfcheck.report_place",
        "kinds.both", "kinds.cell", "kinds.compare_count", "kinds.json", "kinds.list_option",
        "kinds.who_list", "weightings.person", "app.title",
        "app.language", "app.page_title", "app.de", "app.en", "table.name", "panel.band_range",
        "strain.report_value", "strain.pace_verdict", "strain.own_field", "strain.pace_plain",
        "strain.both", "strain.change", "menus.places",
        "map.tip_layer", "map.tip_value", "map.legend_indicator", "downloads.geojson",
        "downloads.csv", "downloads.xlsx", "downloads.topojson", "map.group_indicator",
        "quality.line", "quality.plain_line", "quality.regions", "update.region", "update.size",
        "pictures.count", "grid.km", "grid.unit_km", "grid.answer_kreis",
        "grid.km_median", "grid.region", "distribution.kreise", "distribution.land",
        "distribution.land_one", "distribution.region"}  # fmt: skip


def test_both_languages_have_the_same_keys():
    assert DE.texts.keys() == EN.texts.keys()


def test_both_languages_fill_the_same_placeholders():
    def fields(texts):
        return {
            key: {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            for key, text in texts.items()
        }

    assert fields(DE.texts) == fields(EN.texts)


def test_nothing_is_left_untranslated():
    same = {key for key, text in DE.texts.items() if EN.texts[key] == text}
    assert same - SAME == set()


def codes():
    """Words in quotes where the data are fetched and checked: the codes of what can be wrong."""
    sources = ROOT / "layers" / "sources"
    named = ("layers/quality.py", "layers/home.py", "layers/update.py", "geo/renew.py")
    found = [*map(ROOT.joinpath, named), *sources.glob("fetch/*.py"), *sources.glob("genesis/*.py")]
    return {one for path in found for one in re.findall(r'"([a-z_]+)"', path.read_text("utf-8"))}


def test_every_text_the_code_asks_for_is_there_and_none_is_left_over():
    files = [path for kind in ("*.py", "*.html") for path in VIEWS.rglob(kind)]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    call = r"words(?:_of)?(?:\.raw)?(?:\(\"..\"\))?\("
    asked = re.findall(call + r"\s*f?[\"']([a-z_]+\.[^\"']+)[\"']", code)
    missing = [key for key in asked if "{" not in key and key not in DE.texts]
    assert not missing, f"asked for but not written: {missing}"
    families = [re.compile(re.escape(one.partition("{")[0]) + ".+") for one in asked if "{" in one]
    listed = set(re.findall(r'"([a-z_]+)"', code)) | set(SCHEMES) | set(METHODS)
    listed |= set(STATS) | set(WINDS) | codes()
    listed |= set(rurality.INPUTS) | set(rurality.CLASSES) | set(PARTS)
    unused = [
        key
        for key in DE.texts
        if key not in asked
        and not (any(one.match(key) for one in families) and key.partition(".")[2] in listed)
        and not key.startswith(("error.", "own_fault.", "flag.", "sources.", "method.spread_",
                                "filters.scope_", "map.caption_", "panel.missing_",
                                "profile.median_", *KINDS))
    ]  # fmt: skip
    assert not unused, f"written but never asked for: {unused}"


def test_every_method_of_a_recipe_has_a_name():
    assert {f"method.{one}" for one in METHODS} <= DE.texts.keys()


def test_numbers_are_written_as_each_language_does():
    assert DE.number(1234.5, 1) == "1.234,5"
    assert EN.number(1234.5, 1) == "1,234.5"
    assert DE.percent(0.123, 1) == "12,3\N{NO-BREAK SPACE}%"
    assert EN.percent(0.123, 1) == "12.3%"
    assert DE.number(float("nan")) == "–"
    assert DE.number(None) == "–"


def test_a_difference_carries_its_sign_and_nought_has_none():
    assert [DE.signed(one, 1) for one in (1.25, -1234.5, 0.04, -0.04)] == [
        "+1,2", "−1.234,5", "0,0", "0,0",
    ]  # fmt: skip
    assert EN.signed_percent(-0.0215, 1) == "−2.2%"
    assert DE.signed(float("nan")) == DE.number(None) == DE.signed_percent(float("nan"))


@given(
    st.lists(st.floats() | st.integers(-10_000, 10_000).map(lambda one: one / 8)),
    st.integers(0, 4), st.sampled_from(("de", "en")),
)  # fmt: skip
def test_many_numbers_are_written_as_each_of_them(values, decimals, language):
    told = words(language)
    one_by_one = [told.number(value, decimals) for value in values]
    assert told.numbers(np.array(values, dtype=float), decimals) == one_by_one


def test_a_half_is_rounded_by_its_digits_among_many_as_alone():
    values = np.array([0.15, 0.25, 0.35, -0.04, 1.005, 12345.65])
    assert EN.numbers(values, 1) == ["0.2", "0.2", "0.4", "0.0", "1.0", "12,345.6"]


@pytest.mark.parametrize("value", [1e28, -1.7976931348623157e308, 5e-324])
def test_any_number_can_be_written(value):
    assert DE.number(value, 4).replace(".", "").replace(",", "").strip("-\N{MINUS SIGN}").isdigit()
    assert DE.percent(value, 2).endswith("%")
