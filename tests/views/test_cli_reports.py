"""`ipot report`: whole files, plain errors."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from typer.testing import CliRunner

from layers.errors import ExportError
from views import printing
from views.cli import cli

TOY = Path(__file__).parents[1] / "toy"
DAY = ("--date", "2026-11-21")


def ipot(*words):
    return CliRunner().invoke(cli, ["report", *map(str, words)])


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def refused(result, out, *words):
    assert result.exit_code == 2, result.output
    assert all(word in result.stderr for word in words), result.stderr
    assert result.stderr.count("\n") == 1
    assert list(out.iterdir()) == []


def test_a_region_is_found_by_key_or_name_and_gives_the_same_bytes(out):
    for name, region in (("a.pdf", "A1"), ("b.pdf", "alpha")):
        result = ipot(region, "-d", TOY, "-o", out / name, *DAY)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (out / "a.pdf").read_bytes() == (out / "b.pdf").read_bytes()
    told = pypdf.PdfReader(io.BytesIO((out / "a.pdf").read_bytes())).pages[0].extract_text()
    assert "Stand 21.11.2026" in told


def test_language_and_format_are_passed_on(out):
    assert ipot("A1", "-d", TOY, "-o", out / "a.html", "--language", "en", *DAY).exit_code == 0
    assert "<html lang='en'>" in (out / "a.html").read_text(encoding="utf-8")


def test_without_a_day_it_is_today(out):
    ipot("A1", "-d", TOY, "-o", out / "a.html")
    assert "dcterms.created" in (out / "a.html").read_text(encoding="utf-8")


def test_all_writes_a_file_per_region_and_leaves_other_files_alone(out):
    (out / "mine.txt").write_text("kept")
    assert ipot("--all", "-d", TOY, "-o", out, *DAY).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "mine.txt", *(f"potenzialatlas_{key}.pdf" for key in ("A1", "B2", "C3", "D4"))
    ]  # fmt: skip


def test_all_heeds_the_filter(out, tmp_path):
    (tmp_path / "r.toml").write_text('dataset = "toy@1"\nfilter = { coast = ["yes"] }')
    ipot("--all", "-d", TOY, "-r", tmp_path / "r.toml", "-o", out / "new", *DAY)
    assert len(list((out / "new").iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Nowhere", "-o", "a.pdf"], ["unknown region 'Nowhere'"]),
        (["A1", "-o", "a.doc"], ["unknown format '.doc'", ".pdf, .html"]),
        (["A1", "-o", "a"], ["no suffix"]),
        (["A1", "-o", "missing/a.pdf"], ["no such folder"]),
        (["--all", "-o", "missing/deeper"], ["no such folder"]),
        (["-o", "a.pdf"], ["name one region, or give --all"]),
        (["A1", "--all", "-o", "a"], ["not both"]),
        (["A1", "-o", "a.pdf", "--date", "tomorrow"], ["--date"]),
    ],
)
def test_mistakes_are_one_line(out, monkeypatch, arguments, words):
    monkeypatch.chdir(out)
    refused(ipot(*arguments, "-d", TOY), out, *words)


def test_a_file_is_no_folder_for_all(out):
    (out / "a.pdf").write_bytes(b"kept")
    result = ipot("--all", "-d", TOY, "-o", out / "a.pdf")
    assert result.exit_code == 2
    assert "is a file" in result.stderr
    assert (out / "a.pdf").read_bytes() == b"kept"


def test_without_pango_the_error_comes_before_any_work_and_html_still_works(out, monkeypatch):
    def missing():
        raise ExportError("PDF: the library Pango cannot be loaded; install it.")

    monkeypatch.setattr(printing, "check", missing)
    refused(ipot("A1", "-d", "no/dataset", "-o", out / "a.pdf"), out, "Pango")
    assert ipot("A1", "-d", TOY, "-o", out / "a.html").exit_code == 0


def test_help_loads_nothing_heavy():
    heavy = "('weasyprint', 'matplotlib', 'pandas', 'streamlit')"
    code = f"import sys, views.cli; print([one for one in {heavy} if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
