"""An embed must be one valid light page that says what it shows, whose weights, and whose data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import html5lib
import numpy as np
import pytest

from geo import encode
from layers.errors import PotenzialatlasError
from layers.study.profile import profile
from layers.study.yardsticks import layer_medians
from views.embed import KINDS, build
from views.embed.build import LIMIT
from views.embed.picture import drawing, fold
from views.i18n import words

REGIONS = {"map": (), "sliders": (), "profile": ("09477",), "compare": ("03354", "16054")}
EVIL = '<script>alert(1)</script> & "quoted" **bold** {rank} \ue000'


def text_of(html, selector):
    """Text of all elements of a kind, as a reader of HTML sees it."""
    return [" ".join("".join(one.itertext()).split()) for one in parsed(html).iter(selector)]


def parsed(html):
    return html5lib.parse(html, namespaceHTMLElements=False)


def told(html):
    (found,) = re.findall(r'<script type="application/json" id="told">(.*?)</script>', html)
    return json.loads(found)


@pytest.fixture(scope="module")
def made(matter):
    pages = {}
    for language in ("de", "en"):
        one = matter(language, address="https://atlas.example.org/?lang=" + language)
        pages |= {(kind, language): build(kind, one, REGIONS[kind]) for kind in KINDS}
    return pages


@pytest.fixture(scope="module")
def plain(matter):
    return matter()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_is_valid_light_and_says_what_it_must(made, matter, kind, language):
    embed = made[kind, language]
    html5lib.HTMLParser(strict=True).parse(embed.html, transport_encoding="utf-8")
    assert len(embed.html) < (LIMIT if kind == "sliders" else 420_000)
    html = embed.html.decode()
    page = parsed(html)
    assert page.get("lang") == language
    said = " ".join(page.find("body").itertext())
    about = matter(language).provenance
    for one in about.sources.values():
        assert one.attribution in said
    assert about.reference in said
    assert about.recipe_hash in said
    assert about.recipe.name[language] in said
    assert {"de": "in 90 % ", "en": "in 90% "}[language] in said
    assert {"de": "beim Herausgeber zu klären", "en": "to be confirmed"}[language] in said
    assert f'href="https://atlas.example.org/?lang={language}"' in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_nothing_and_its_policy_lets_only_itself_run(made, kind):
    embed = made[kind, "de"]
    html = embed.html.decode()
    for tag, name in (("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src")):
        for one in parsed(html).iter(tag):
            assert one.get(name, "data:").startswith("data:")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html.split("<script", 1)[0])
    policy = dict(part.split(" ", 1) for part in embed.policy.split("; "))
    assert policy["default-src"] == "'none'"
    for name, found in (
        ("script-src", re.search(r'<script id="code">(.*?)</script>', html, re.DOTALL)),
        ("style-src", re.search(r"<style>(.*?)</style>", html, re.DOTALL)),
    ):
        digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
        assert policy[name] == f"'sha256-{digest}'"
    assert " style=" not in html.split("<script", 1)[0]


def test_equal_questions_give_equal_bytes(matter):
    assert build("map", matter()).html == build("map", matter()).html


def test_without_a_known_app_there_is_no_way_back(plain):
    assert (
        "way-back"
        not in build("profile", plain, ("09477",))
        .html.decode()
        .split("<main")[1]
        .split("<script")[0]
    )


def test_the_table_has_every_kreis_with_rank_band_and_score(made, plain):
    html = made["map", "de"].html.decode()
    (table,) = [one for one in parsed(html).iter("table") if one.get("id") == "rows"]
    rows = [["".join(cell.itertext()) for cell in row] for row in table.find("tbody")]
    assert len(rows) == 400
    ranks = plain.scores.ranks
    best = ranks.idxmin()
    band = plain.bands.bands.loc[best]
    assert rows[0] == [
        "1", plain.names[best], f"{band['rank_p05']:.0f}–{band['rank_p95']:.0f}",
        words("de").number(plain.scores.index[best], 1),
    ]  # fmt: skip
    assert [int(row[0]) for row in rows] == sorted(ranks.astype(int))


def test_a_layer_or_indicator_adds_its_own_column(matter):
    one = matter("en", show="indicator:vacancy_rate")
    html = build("map", one).html.decode()
    heads = text_of(html, "th")[:5]
    assert heads[2].startswith("Vacant dwellings")
    first = one.scores.ranks.idxmin()
    assert words("en").number(one.scores.raw.loc[first, "vacancy_rate"], 1) in html


def test_a_selection_shows_only_its_rows_and_pales_the_rest(matter):
    one = matter(update={"filter": {"land": ["01"]}})
    html = build("map", one).html.decode()
    assert html.count("<tr><td>") == int(one.scores.selected.sum()) == 15
    assert sum(told(html)["dim"]) == 400 - 15
    assert len(told(html)["absent"]) == 400 - 15


def test_the_sliders_carry_the_numbers_of_the_score_to_the_last_bit(made, plain):
    model = told(made["sliders", "de"].html.decode())["live"]
    ids = told(made["sliders", "de"].html.decode())["ids"]
    values = np.frombuffer(base64.b64decode(model["values"]), "<f8").reshape(
        len(model["layers"]), -1
    )
    expected = plain.scores.layers.loc[ids, model["layers"]].to_numpy().T
    np.testing.assert_array_equal(values, expected)
    coverage = np.ones_like(values)
    for layer, row, share in model["partly"]:
        coverage[layer, row] = share
    np.testing.assert_array_equal(
        coverage, plain.scores.coverage.loc[ids, model["layers"]].to_numpy().T
    )


def test_a_profile_says_what_the_study_computes(plain):
    html = build("profile", plain, ("03354",)).html.decode()
    medians = layer_medians(plain.scores, "03354", ["land", "thuenen_type"])
    number, percent = words("de").number, words("de").percent
    better = profile(plain.scores, "03354").loc["layer:housing", "percentile"]
    row = [number(value, 1) for value in medians.loc["housing"]] + [percent(better / 100)]
    (found,) = [one for one in parsed(html).iter("tr") if one[0].text == "Wohnungsmarkt"]
    assert ["".join(cell.itertext()) for cell in found][1:] == row
    assert f"Rang {plain.scores.ranks['03354']} von 400" in " ".join(text_of(html, "strong"))


def test_a_comparison_says_who_is_ahead_how_often(plain):
    ahead = build("compare", plain, ("03354", "16054")).html.decode()
    turned = build("compare", plain, ("16054", "03354")).html.decode()
    sentence = text_of(ahead, "p")[1]
    assert re.search(r"liegt in \d+,\d % der Gewichtungen vor", sentence.replace("\xa0", " "))
    assert sentence == text_of(turned, "p")[1]
    shares = [float(x.replace(",", ".")) for x in re.findall(r"([\d,]+)\xa0%</span>", ahead)]
    assert sum(shares) == pytest.approx(100, abs=0.2)


@pytest.mark.parametrize(
    ("kind", "regions", "said"),
    [
        ("profile", (), "takes one region; 0 given"),
        ("compare", ("09477", "09477"), "takes two different regions"),
        ("map", ("09477",), "takes no region"),
        ("profile", ("99999",), "unknown region '99999'; keys look like '01001'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(plain, kind, regions, said):
    with pytest.raises(PotenzialatlasError, match=said):
        build(kind, plain, regions)


def test_sliders_need_a_score_that_a_browser_can_follow(matter):
    with pytest.raises(PotenzialatlasError, match="sliders need show = 'score'"):
        build("sliders", matter(show="width"))


def test_a_dataset_without_boundaries_has_profiles_but_no_map(matter, toy):
    one = matter(dataset=toy)
    with pytest.raises(PotenzialatlasError, match="no boundaries"):
        build("map", one)
    assert b"<h1>" in build("profile", one, (one.names.index[0],)).html


@pytest.mark.parametrize("kind", KINDS)
def test_names_stay_names(matter, kreise, kind):
    named = kreise.regions.copy()
    for column in {"name", "label"} & set(named):
        named[column] = named[column].astype("object")
        named.loc["09477", column] = EVIL
    one = matter(dataset=replace(kreise, regions=named))
    regions = {"profile": ("09477",), "compare": ("09477", "03354")}.get(kind, ())
    html = build(kind, one, regions).html.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    scripts = list(parsed(html).iter("script"))
    assert len(scripts) == (2 if kind in {"map", "sliders"} else 1)
    assert any("<script>alert(1)" in "".join(one.itertext()) for one in parsed(html).iter("main"))


def test_folded_lines_unfold_to_what_they_were():
    rows = [
        ["Rang 1 von 400 · Band 1–102", "Wert 65,3"],
        ["Rang 12 von 400 · Band 3–9", "kein Wert"],
    ]
    folded = fold(rows)
    assert folded["forms"] == [
        "Rang \ue000 von \ue000 · Band \ue000–\ue000",
        "Wert \ue000",
        "kein Wert",
    ]
    assert folded["rows"] == ["0 1 400 1 102;1 65,3", "0 12 400 3 9;2"]


def test_the_drawing_is_the_apps_but_coarser(kreise):
    one = drawing(kreise)
    assert len(one["regions"]) == 400
    assert one["width"] == 620 * encode.UNITS_PER_PIXEL
    assert drawing(kreise) is one
