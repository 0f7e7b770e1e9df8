"""`ipot embed`: whole pages, lines to paste, plain refusals, and a word about other hosts."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from layers import Dataset
from layers.paths import project_root
from views.cli import cli

TOY = project_root() / "tests" / "toy"


def ipot(*words):
    return CliRunner().invoke(cli, ["embed", *map(str, words)])


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_map_and_the_lines_that_show_it(out):
    result = ipot("-o", out / "a.html", "--snippet", "https://paper.example/a.html", "--language",
                  "en", "--app", "https://atlas.example/", "--classes", "4")  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    page = (out / "a.html").read_text(encoding="utf-8")
    assert 'lang="en"' in page
    assert 'href="https://atlas.example/?lang=en&amp;k=4"' in page
    assert result.stdout.startswith('<iframe id="potenzialatlas-')
    assert 'src="https://paper.example/a.html"' in result.stdout
    assert '<a href="https://atlas.example/?lang=en&amp;k=4">' in result.stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--kind", "profile", "--region", "A1"), "A1"),
        (("--kind", "compare", "--region", "A1", "--region", "B2"), "B2"),
    ],
)
def test_a_dataset_of_ones_own_has_profiles(out, words, found):
    result = ipot("-d", TOY, "-o", out / "a.html", *words)
    assert result.exit_code == 0, result.stderr
    regions = Dataset.open(TOY).regions
    assert str(regions.loc[found, "name"]) in (out / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "a.htm5"), "name a file that ends in .html"),
        (("-o", "no/such/folder/a.html"), "there is no such folder"),
        (("-o", "a.html", "--show", "nothing"), "there is no such map; allowed: score, accept"),
        (("-o", "a.html", "--kind", "profile"), "takes one region; 0 given"),
        (("-o", "a.html", "--kind", "profile", "--region", "Kulmbch"), "unknown region 'Kulmbch'"),
        (("-o", "a.html", "--kind", "sliders", "--show", "band"), "sliders need show"),
        (("-o", "a.html", "--app", "atlas.example"), "an address such as https://"),
        (("-o", "a.html", "--tiles", "topplus"), "belong to --folium"),
        (("-o", "a.html", "--folium", "--tiles", "osm"), "allowed are topplus"),
        (("-o", "a.html", "--folium", "--leaflet", "."), "leaflet.js and leaflet.css"),
        (("-o", "a.html", "--folium", "--snippet", "x"), "leave out --folium"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(out, monkeypatch, words, said):
    monkeypatch.chdir(out)
    result = ipot(*words)
    lines = result.stderr.splitlines()
    assert result.exit_code == 2, result.output
    assert len(lines) == 1
    assert lines[0].startswith("ipot: ")
    assert said in lines[0]
    assert list(out.iterdir()) == []


def test_a_dataset_without_boundaries_says_so(out):
    result = ipot("-d", TOY, "-o", out / "a.html")
    assert result.exit_code == 2
    assert "no boundaries" in result.stderr
    assert list(out.iterdir()) == []


def test_a_slippy_map_says_whom_it_will_ask(out):
    asked = ipot("--folium", "--tiles", "topplus", "-o", out / "a.html")
    assert asked.exit_code == 0
    assert "asks other hosts when it is opened: sgx.geodatenzentrum.de" in asked.stderr
    assert "sgx.geodatenzentrum.de" in (out / "a.html").read_text(encoding="utf-8")
