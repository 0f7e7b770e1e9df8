import io
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from layers.errors import ExportError
from views import printing

PAGE = """<!DOCTYPE html><html lang="de"><head><title>Über Äpfel</title></head><body>
<h1>Erstens</h1><p>Text mit <b>fett</b>.</p><h2>Darunter</h2>
<img alt="Ein Kreis" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
width='9' height='9'%3E%3Ccircle r='4' cx='4' cy='4'/%3E%3C/svg%3E">
<h1 style="break-before: page">Zweitens</h1></body></html>"""
STYLE = 'body { font-family: "DejaVu Sans" }'


@pytest.fixture(scope="module")
def pdf():
    return printing.to_pdf(PAGE, css=STYLE)


@pytest.fixture(scope="module")
def reader(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_it_is_tagged_with_language_and_title(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Über Äpfel"


def test_headings_become_bookmarks(reader):
    first, below, second = reader.outline
    assert (first["/Title"], below[0]["/Title"], second["/Title"]) == (
        "Erstens", "Darunter", "Zweitens"
    )  # fmt: skip


def test_its_fonts_are_within(reader):
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    assert all("DejaVu" in one.get_object()["/BaseFont"] for one in fonts)


def test_no_clock_and_no_chance_goes_in(pdf, tmp_path):
    assert printing.to_pdf(PAGE, css=STYLE) == pdf
    assert "/CreationDate" not in pypdf.PdfReader(io.BytesIO(pdf)).metadata
    script = tmp_path / "other.py"
    script.write_text(
        "import sys\nfrom views.printing import to_pdf\n"
        f"sys.stdout.buffer.write(to_pdf({PAGE!r}, css={STYLE!r}))"
    )
    other = subprocess.run(
        [sys.executable, script], check=True, capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert other.stdout == pdf
    assert other.stderr == b""


def test_pages_are_told_as_they_are_laid_out():
    told = []
    printing.to_pdf(PAGE, progress=told.append)
    assert told == [1, 2]


def test_nothing_is_fetched_from_anywhere(monkeypatch):
    asked = []
    monkeypatch.setattr("urllib.request.HTTPHandler.http_open", lambda *one: asked.append(one))
    printing.to_pdf('<html lang="de"><title>x</title><img alt="" src="http://localhost/x.png">')
    assert asked == []


def test_a_missing_library_is_told_with_what_to_install(monkeypatch):
    def fail(name, *rest):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return plain(name, *rest)

    import builtins

    plain = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(ExportError, match=r"apt install libpango-1\.0-0 libpangoft2"):
        printing.check()
