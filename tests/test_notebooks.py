"""The notebooks run as they stand in git, say nothing on standard error, and hold no results."""

from __future__ import annotations

import os
import re
import runpy
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
MUNICIPALITIES = "05_municipalities"
strip = runpy.run_path(str(FOLDER / "strip.py"))
#: Runs before a notebook: forgets what the one before has left.
FRESH = """import matplotlib, os
matplotlib.rcdefaults()
os.environ["RAW"] = {raw!r}
%reset -f
"""
#: Seconds for one cell; a busy machine needs about five for the slowest.
PATIENCE = 120


@pytest.fixture(scope="module", autouse=True)
def own_corner(tmp_path_factory):
    """Keep history and settings of kernels away from those of the person who runs the tests."""
    corner = str(tmp_path_factory.mktemp("jupyter"))
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setenv(name, corner)
        yield


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def run(own_corner):
    """Run all cells of a notebook, where its own links lead on.

    One kernel runs them one after another, since starting it and importing takes as long as most
    notebooks; each finds a namespace and figures as if it were the first.
    """
    client = NotebookClient(
        nbformat.v4.new_notebook(), timeout=PATIENCE, kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )  # fmt: skip
    # Whatever other tests have made of matplotlib in this process, a kernel shows its figures.
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    client.execute(env=os.environ | inline, cleanup_kc=False)

    def execute(notebook, raw=""):
        raw = raw or os.environ.get("RAW", "")
        notebook.cells.insert(0, nbformat.v4.new_code_cell(FRESH.format(raw=raw)))
        client.nb = notebook
        try:
            return client.execute(cleanup_kc=False)
        finally:
            del notebook.cells[0]

    yield execute
    client.nb = nbformat.v4.new_notebook()
    client.execute(cleanup_kc=True)


@pytest.fixture(scope="module")
def executed(run):
    """Give a notebook with its results; skip if it wants data that are not in the repository."""
    return cache(lambda name: _run_or_skip(run, name))


def _run_or_skip(run, name):
    try:
        return run(read(name))
    except CellExecutionError as fault:
        if fault.ename == "SourceError":
            pytest.skip(fault.evalue)
        raise


def outputs(notebook):
    return [one for cell in notebook.cells for one in cell.get("outputs", ())]


def texts(notebook):
    return [one.data.get("text/plain", "") for one in outputs(notebook) if "data" in one]


def test_there_are_five_of_them():
    assert [name[:2] for name in NAMES] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_in_git_holds_no_results_and_no_trace_of_a_machine(name):
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert text == strip["stripped"](text)


def test_stripping_takes_out_all_that_a_run_leaves_and_nothing_else():
    bare = (FOLDER / "01_ranking_and_bands.ipynb").read_text(encoding="utf-8")
    used = nbformat.reads(bare, as_version=4)
    used.metadata = {
        "kernelspec": {"name": "other", "display_name": "/home/somebody/venv"},
        "language_info": {"name": "python", "version": "3.99"},
    }
    for cell in used.cells:
        cell.metadata["execution"] = {"shell.execute_reply": "2030-01-01T00:00:00Z"}
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="seen")]
            cell.execution_count = 7
    assert strip["stripped"](nbformat.writes(used)) == bare


def test_the_check_names_what_is_not_stripped_and_changes_nothing(tmp_path, monkeypatch):
    bare = (FOLDER / "01_ranking_and_bands.ipynb").read_text(encoding="utf-8")
    used = bare.replace('"execution_count": null', '"execution_count": 3')
    (tmp_path / "good.ipynb").write_text(bare, encoding="utf-8")
    (tmp_path / "used.ipynb").write_text(used, encoding="utf-8")
    monkeypatch.setitem(strip["main"].__globals__, "FOLDER", tmp_path)
    assert strip["main"](["--check"]).startswith("not stripped: used.ipynb;")
    assert (tmp_path / "used.ipynb").read_text(encoding="utf-8") == used
    assert strip["main"]([]) == ""
    assert (tmp_path / "used.ipynb").read_text(encoding="utf-8") == bare
    assert strip["main"](["--check"]) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_a_title_and_a_summary_in_both_languages(name):
    first = read(name).cells[0]
    title, german, english, *_ = first.source.split("\n\n")
    assert re.match(rf"# {int(name[:2])} · ", title)
    assert german.startswith("*")
    assert german.endswith("*")
    assert not english.startswith("*")


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_says_in_the_end_what_it_does_not_show(name):
    prose = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    assert re.search(r"[Ww]hat this does not show", prose[-1])


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_without_warnings_and_shows_figures(name, executed):
    found = outputs(executed(name))
    # Warnings go to standard error.
    assert [one.text for one in found if one.output_type == "stream"] == []
    assert sum("image/png" in one.get("data", {}) for one in found) >= 2


def test_the_first_notebook_gives_the_figures_of_certainty_in_the_documentation(executed):
    section = (ROOT / "docs/pages/method/certainty.en.md").read_text(encoding="utf-8")
    said = re.findall(r"^'.*'$", section, re.MULTILINE)
    assert len(said) == 6
    assert [one for one in texts(executed("01_ranking_and_bands")) if one in said] == said


def test_without_the_files_the_fifth_says_so_in_its_first_cell(run, tmp_path):
    notebook = read(MUNICIPALITIES)
    with pytest.raises(CellExecutionError, match="gemeinden") as caught:
        run(notebook, raw=str(tmp_path))
    assert caught.value.ename == "SourceError"
    assert str(tmp_path) in caught.value.evalue
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [bool(cell.outputs) for cell in code] == [True, *[False] * (len(code) - 1)]


def test_the_folder_s_readme_lists_every_notebook():
    listed = re.findall(r"\]\((\w+)\.ipynb\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == NAMES
