"""What hostile names become on the way out: in files, on pages, in answers to programs.

Covered: formulas in sheets (numbers stay numbers), markup in HTML, SVG and XML, unseen signs,
names of files, all kinds of files and pages of one dataset of which every text is hostile, and
questions of any kind to the addresses for programs.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import zipfile
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import maps, publish, slippy
from geo.formats import sheets
from layers import Dataset, Recipe, robust, score
from tests.views.test_api import Client
from views import atlas, picture_words, pictures
from views.atlas import matter as atlas_matter
from views.embed import folium_page
from views.embed.build import build
from views.embed.matter import Matter
from views.embed.snippet import snippet
from views.i18n import words
from views.report.background import background
from views.report.batch import file_name
from views.report.document import to_bytes
from views.state import PageState

ODD = '=1+1<script>alert(1)</script><img src=x onerror=y>"\x1b\u202e&amp;'
RECIPE = {"name": ODD, "description": ODD}


@pytest.fixture(scope="module")
def scores(tmp_path_factory, toy_folder):
    """Score a dataset of which every name is hostile."""
    folder = shutil.copytree(toy_folder, tmp_path_factory.mktemp("a") / "set")
    told = json.dumps(ODD.replace("\x1b", "").replace("\u202e", ""))
    for path in folder.glob("catalogue/*.toml"):
        text = path.read_text()
        path.write_text("\n".join(
            f"name = {told}" if line.startswith("name") else line for line in text.splitlines()
        ))  # fmt: skip
    regions = (folder / "regions.csv").read_text().splitlines()
    cell = '"' + ODD.replace('"', '""') + '"'
    head, first, *rest = regions
    place = head.split(",").index("name")
    parts = first.split(",")
    parts[place] = cell
    (folder / "regions.csv").write_text("\n".join([head, ",".join(parts), *rest]) + "\n")
    return score(Dataset.open(folder), Recipe.parse(RECIPE | {"normalise": {"constant": "drop"}}))


def test_no_text_in_a_workbook_is_a_formula_and_numbers_are_numbers(scores):
    book = openpyxl.load_workbook(io.BytesIO(publish.to_bytes(scores, ".xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any(cell.data_type == "n" and isinstance(cell.value, float) for cell in cells)
    assert any("script" in str(cell.value) for cell in cells)


@pytest.mark.parametrize("excel_de", [False, True])
def test_no_line_of_a_sheet_begins_a_formula(scores, excel_de):
    text = publish.to_bytes(scores, ".csv", excel_de=excel_de).decode("utf-8-sig")
    for line in text.splitlines():
        for cell in line.split(";" if excel_de else ","):
            bare = cell.strip().strip('"')
            allowed = bare.startswith('=""') or bare.lstrip("-").replace(",", "").replace(
                ".", ""
            ).replace("e-", "").isdigit()  # fmt: skip
            assert allowed or not bare.startswith(("=", "+", "-", "@", "\t")), line
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r=", " =", "\u200b=", "\uff1d"])
def test_text_that_begins_like_a_formula_is_text(begins):
    assert sheets._neutral(f"{begins}1+1").startswith("'")


def test_a_page_for_others_holds_names_as_words(scores):
    state = PageState(recipe=scores.recipe)
    region = str(scores.dataset.regions.index[0])
    bands = robust(scores.dataset, scores.recipe, draws=20, seed=1)
    matter = Matter(state, scores, bands, words("de"), "")
    page = build("profile", matter, (region,)).html.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "C:\\a", "a\0b", "\u202ea", "a" * 300])
def test_a_file_of_a_region_is_called_by_harmless_signs(key):
    name = file_name(key, ".pdf")
    assert not set('/\\:\0"<>|') & set(name)
    assert name.startswith("potenzialatlas_")
    assert name.isascii()


# Every text of a dataset is hostile.

WORST = (
    "'></style></script></title>]]>--><script>alert(1)</script><img src=x onerror=y>"
    "![x](https://evil.example/x.png) **b** `c` <https://evil.example> {{7*7}} {0} %s \\"
)


class Seen(HTMLParser):
    """What a browser would make of a page: elements, and attributes that are programs."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.outside = [], []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._inside = tag == "script"
        self.outside += [
            (tag, key, one) for key, one in attrs
            if key.startswith("on") or (key == "src" and "evil" in str(one)) or one == "x"
        ]  # fmt: skip

    def handle_data(self, data):
        if self._inside:
            self.scripts.append(data)
        self._inside = False


@pytest.fixture(scope="module")
def worst(tmp_path_factory, toy_folder):
    folder = shutil.copytree(toy_folder, tmp_path_factory.mktemp("b") / "set")
    told = json.dumps(WORST)
    texts = re.compile(
        "(?m)^(name|title|unit|definition|rationale|description|publisher|attribution|licence) = .*"
    )
    for path in (*folder.glob("catalogue/*.toml"), *folder.glob("[ds]*.toml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(texts.sub(lambda found: f"{found[1]} = {told}", text), encoding="utf-8")
    regions = pd.read_csv(folder / "regions.csv", dtype=str).assign(name=WORST)
    regions.to_csv(folder / "regions.csv", index=False)
    gpd.GeoDataFrame(
        {"region": regions["region"]}, crs="EPSG:25832",
        geometry=[shapely.box(4e5 + k, 5e6, 4e5 + k + 9e3, 5.01e6)
                  for k in range(0, 10_000 * len(regions), 10_000)],
    ).to_parquet(folder / "boundaries.parquet")  # fmt: skip
    recipe = Recipe.parse({"name": WORST, "description": WORST})
    return score(Dataset.open(folder), recipe)


@pytest.fixture(scope="module")
def doubt(worst):
    return robust(worst.dataset, worst.recipe, draws=20, seed=1)


@pytest.fixture(scope="module")
def view(worst, doubt):
    return picture_words.view(PageState(recipe=worst.recipe), worst, doubt, words("de"))


def no_program(text):
    seen = Seen(text)
    assert not seen.outside
    assert not [one for one in seen.scripts if one.startswith("alert")]


@pytest.mark.parametrize(
    "kind", ["map", "sliders", "profile", "compare", "slippy", "report", "atlas"]
)
def test_no_page_runs_what_a_name_says(worst, doubt, view, kind):
    regions = tuple(map(str, worst.dataset.regions.index))
    if kind == "report":
        page = to_bytes(regions[0], background(worst, doubt, "de"), ".html").decode()
    elif kind == "atlas":
        page = atlas.document(atlas_matter.Matter(view))
    else:
        matter = Matter(PageState(recipe=worst.recipe), worst, doubt, words("de"), "")
        if kind == "slippy":
            page = slippy.page(folium_page.sheet(matter)).decode()
        else:
            count = {"profile": 1, "compare": 2}.get(kind, 0)
            made = build(kind, matter, regions[:count])
            page = made.html.decode()
            no_program(snippet(made, "https://a.example/x", words("de")))
    assert "alert(1)" in page
    no_program(page)


def test_a_map_to_print_holds_names_as_words(worst, view):
    drawn = maps.render(pictures.sheet(view, pictures.ground(worst.dataset)), ".svg")
    tree = ET.fromstring(drawn)  # noqa: S314 -- our own file
    assert not [one for one in tree.iter() if one.tag.rpartition("}")[2] == "script"]
    assert not [key for one in tree.iter() for key in one.attrib if key.startswith("on")]
    assert maps.render(pictures.sheet(view, pictures.ground(worst.dataset)), ".pdf")


@pytest.mark.parametrize("suffix", [".geojson", ".topojson", ".zip"])
def test_files_for_programs_are_well_formed_and_keep_names_as_data(worst, suffix):
    made = publish.to_bytes(worst, suffix)
    if suffix != ".zip":
        assert "alert(1)" in json.dumps(json.loads(made))
        return
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        for name in bundle.namelist():
            assert re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name), name
            if name.endswith("json"):
                json.loads(bundle.read(name))


def test_a_style_for_maps_is_well_formed(worst, tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(publish.to_bytes(worst, ".gpkg"))
    with sqlite3.connect(path) as file:
        styles = file.execute("SELECT styleQML, styleSLD FROM layer_styles").fetchall()
    assert styles
    for text in styles[0]:
        tree = ET.fromstring(text)  # noqa: S314 -- our own file
        assert not [one for one in tree.iter() if one.tag.endswith("script")]


def test_on_a_page_a_name_is_no_markup(worst):
    shown = [words("de").of(one.name) for one in worst.dataset.catalogue.layers]
    shown += [*worst.dataset.regions["name"], words("de").of(worst.dataset.title)]
    for text in shown:
        assert not set("<>[]*`\\") & set(text)


# Questions of programs.

KEYS = (
    "w.housing", "w.x", "di.x", "f.land", "fr.population", "dn.x", "ng.x", "ti.x", "al.housing",
    "y", "kz", "ke", "nm", "nr", "ag", "ao", "ln", "n", "d", "lang", "show", "sel", "k", "p.x",
    "url", "format", "maxwidth", "maxheight", "x",
)  # fmt: skip
WORDS = st.sampled_from([
    "", "~", "nan", "1e400", "-0", "1", "\0", "../..", "<script>", "%", "http://[", "9" * 5_000,
    "m!power~p!1", "up", "01001", "json", "²", "\u202e", "https://atlas.example.org/embed/map",
    "https://atlas.example.org/embed/profile/%00", "https://atlas.example.org/embed/map?y=9",
]) | st.text(max_size=5)  # fmt: skip
PATHS = (
    "/embed/map", "/embed/profile/01001", "/embed/profile/%00", "/embed/profile/..%2f..",
    "/embed/compare/01001/01002", "/embed/x", "/api/scores.json", "/api/scores.exe",
    "/api/recipe.toml", "/api/oembed",
)  # fmt: skip


@pytest.fixture(scope="module")
def client():
    return Client()


@settings(max_examples=8)
@given(
    st.sampled_from(PATHS),
    st.lists(st.tuples(st.sampled_from(KEYS), WORDS), min_size=1, max_size=3),
)
def test_any_question_is_answered_or_refused_in_a_line(client, path, query):
    answer = client.get(f"{path}?" + "&".join(f"{quote(key)}={quote(one)}" for key, one in query))
    assert answer.status in (200, 304, 400, 404, 414, 501, 503)
    if answer.status != 200:
        said = json.loads(answer.content)["error"]
        assert said
        assert "\n" not in said
        assert len(said) < 5_000
        assert "Traceback" not in said
        assert "/data/" not in said


@pytest.mark.parametrize("host", ["[", "a:99999999", "]["])
@pytest.mark.parametrize("path", ["/embed/map", "/api/oembed?url=x"])
def test_a_host_that_cannot_be_one_is_refused(client, path, host):
    assert client.get(path, host=host).status == 400


@pytest.mark.parametrize("query", ["maxwidth=" + "9" * 5_000, "url=http://[", "url=%00"])
def test_what_an_embed_is_asked_by_is_checked(client, query):
    own = "url=https%3A%2F%2Fatlas.example.org%2Fembed%2Fmap&"
    assert client.get(f"/api/oembed?{'' if 'url' in query else own}{query}").status in (400, 404)


def test_an_address_of_ten_million_signs_is_refused(client):
    assert client.get("/api/scores.json?n=" + "a" * 10_000_000).status == 414
