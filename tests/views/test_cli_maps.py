"""Maps and the atlas at a terminal: whole files, plain errors."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from views.cli import cli

TOY = Path(__file__).parents[1] / "toy"
DAY = ("--date", "2026-11-21", "--draws", "20")


def ipot(*given):
    return CliRunner().invoke(cli, [str(one) for one in given])


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_the_same_map_is_the_same_file(out):
    for name in ("a.svg", "b.svg"):
        result = ipot("map", "-o", out / name, "--show", "acceptability", *DAY)
        assert (result.exit_code, result.output) == (0, "")
    assert (out / "a.svg").read_bytes() == (out / "b.svg").read_bytes()
    assert "21. November 2026" in (out / "a.svg").read_text(encoding="utf-8")


def test_options_reach_the_map(out):
    result = ipot(
        "map", "-o", out / "a.svg", "--show", "indicator:rent_level", "--classes", 3, "--language",
        "en", "--highlight", "Landkreis Kulmbach", "--scheme", "equal_interval", *DAY,
    )  # fmt: skip
    assert result.exit_code == 0
    text = (out / "a.svg").read_text(encoding="utf-8")
    assert "outlined: Landkreis Kulmbach" in text
    assert text.count(">above ") == 2
    assert "equal steps" in text


def test_a_layer_is_drawn_as_small_maps(out):
    assert ipot("map", "-o", out / "a.pdf", "--layer", "society", *DAY).exit_code == 0
    assert (out / "a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--show", "foo"), ("'foo'", "allowed: score, acceptability, band, layer:")),
        (("--layer", "foo"), ("unknown layer 'foo'", "housing")),
        (("--layer", "housing", "--show", "band"), ("leave out --show",)),
        (("--date", "morgen"), ("'morgen'", "2026-11-21")),
        (("--year", "1800"), ("1900 to 2200",)),
        (("--highlight", "Nirgendwo"), ("unknown region 'Nirgendwo'",)),
        (("--classes", "9"), ("--classes",)),
        (("-d", TOY), ("there are no boundaries",)),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(out, given, said):
    result = ipot("map", "-o", out / "a.svg", *given)
    assert result.exit_code == 2
    assert all(one in result.stderr.splitlines()[-1] for one in said)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "name", "said"),
    [
        ("map", "a.gif", "allowed: .png, .svg, .pdf"),
        ("map", "no/a.png", "create it first"),
        ("atlas", "a.png", "written as .pdf"),
        ("atlas", "no/a.pdf", "create it first"),
    ],
)
def test_places_are_looked_at_before_any_work(out, command, name, said):
    result = ipot(command, "-o", out / name)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
