"""What must be true for somebody at a terminal: whole files, plain errors, honest exit codes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from layers import Dataset, robust, score
from layers.paths import VARIABLE, data_folder, default_recipe, project_root
from views.cli import cli

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"
TEXT = dict.fromkeys(["region", "name", "reason", "flags", "key"], str)


def ipot(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def rows(path):
    return pd.read_csv(path, comment="#", dtype=TEXT)


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(TOY, tmp_path / "data" / "toy"))


@pytest.fixture
def out(tmp_path):
    """Return an empty folder, where nothing may be left behind by a failure."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def assert_refused(result, out, *words):
    """Assert one plain line on standard error, exit code 2, and nothing written."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("ipot: ")]
    assert result.exit_code == 2, result.output
    assert lines == result.stderr.splitlines()
    assert all(word in lines[-1] for word in words), lines
    assert result.stdout == ""
    assert list(out.iterdir()) == []


def test_score_writes_what_the_library_computes(out):
    result = ipot("score", "-d", TOY, "-o", out / "a.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    dataset = Dataset.open(TOY)
    expected = score(dataset, default_recipe(dataset)).index
    found = rows(out / "a.csv").set_index("region")["score"]
    pd.testing.assert_series_equal(found.sort_index(), expected, check_index_type=False)
    assert {"rank_p05", "rank_p95", "top_quarter"} <= set(rows(out / "a.csv").columns)


def test_score_can_leave_out_the_bands(out):
    assert ipot("score", "-d", TOY, "-o", out / "a.csv", "--draws", 0).exit_code == 0
    assert "rank_p05" not in rows(out / "a.csv")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_score_writes_every_format_that_needs_no_boundaries(out, suffix):
    assert ipot("score", "-d", TOY, "-o", out / f"a{suffix}").exit_code == 0
    assert [path.name for path in out.iterdir()] == [f"a{suffix}"]


def test_language_and_german_excel_are_passed_on(out):
    ipot("score", "-d", TOY, "-o", out / "en.csv", "--language", "en")
    assert "Made with Potenzialatlas" in (out / "en.csv").read_text()
    ipot("score", "-d", TOY, "-o", out / "de.csv", "--excel-de")
    assert (out / "de.csv").read_text(encoding="utf-8-sig").startswith("region;name;")


def test_robust_writes_bands_and_central_weights(out):
    words = ("--draws", 50, "--seed", 3, "--spread", 0.5)
    assert ipot("robust", "-d", TOY, "-o", out / "b.csv", *words).exit_code == 0
    found = rows(out / "b.csv").set_index("region").sort_index()
    dataset = Dataset.open(TOY)
    bands = robust(dataset, default_recipe(dataset), draws=50, seed=3, spread=0.5)
    for column in bands.bands:
        assert list(found[column]) == pytest.approx(list(bands.bands[column]))
    assert {"central_land", "central_people"} <= set(found.columns)


def test_stages_writes_a_folder(out):
    assert ipot("stages", "-d", TOY, "-o", out / "s").exit_code == 0
    assert {"raw.csv", "normalised.csv", "aggregated.csv", "weights.csv", "ranks.csv"} <= {
        path.name for path in (out / "s").iterdir()
    }


def test_warnings_go_to_standard_error_and_the_file_is_written(out, toy):
    (toy / "r.toml").write_text('dataset = "toy@0"')
    result = ipot("score", "-d", toy, "-r", toy / "r.toml", "-o", out / "a.csv")
    assert result.exit_code == 0
    assert result.stderr == "ipot: The recipe was made for toy@0; this is toy@1.\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("normalise = {", ["is not valid TOML"]),
        ("speed = 3", ["unknown key 'speed'"]),
        ('weights = { "indicator:rain" = 1 }', ["unknown key 'indicator:rain'", "allowed: "]),
        ('weights = { "layer:land" = nan }', ["weights.layer:land", "finite"]),
        ('weights = { "layer:land" = inf }', ["weights.layer:land"]),
        ('weights = { "layer:land" = -1 }', ["weights.layer:land", "greater than or equal to 0"]),
        ('weights = { "layer:land" = 0, "layer:people" = 0 }', ["all weights are zero"]),
        ("filter = { size = { min = 99 } }", ["no region meets", "widen it"]),
        ('filter = { colour = ["red"] }', ["unknown key 'colour'", "size, coast"]),
        ('aggregate = { method = "geometric" }', ["geometric"]),
    ],
)
def test_a_bad_recipe_is_refused_in_one_line(out, toy, content, words):
    (toy / "r.toml").write_text(content)
    for command, target in (("score", "a.csv"), ("robust", "a.csv"), ("stages", "s")):
        result = ipot(command, "-d", toy, "-r", toy / "r.toml", "-o", out / target)
        assert_refused(result, out, *words)


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("A1,songs,", "A1,rain,", ["'rain' is not in the catalogue", "row "]),
        ("B2,songs,2021", "A1,songs,2021", ["A1, indicator songs, year 2021 occurs more than"]),
        ("A1,songs,2021,1,", "A1,songs,2021,one,", ["'one'", "row ", "is not a number"]),
        ("A1,songs,2021,1,", "A1,songs,2021,inf,", ["'inf'", "is not a number"]),
        ("A1,songs,2021,1,", "A9,songs,2021,1,", ["unknown key 'A9'"]),
    ],
)
def test_bad_values_are_refused_with_their_place(out, toy, old, new, words):
    change(toy / "values.csv", old, new)
    assert_refused(ipot("score", "-d", toy, "-o", out / "a.csv"), out, "values.csv", *words)
    assert_refused(ipot("data", "check", toy), out, "values.csv", *words)


def with_digits(toy, keys):
    """Give the toy regions keys of five digits in the regions table."""
    for old, new in zip(["A1", "B2", "C3", "D4"], keys, strict=True):
        for name in ("regions.csv", "values.csv"):
            path = toy / name
            path.write_text(path.read_text().replace(f"{old},", f"{new},"))


def test_a_lost_leading_zero_is_put_back_with_a_notice(out, toy):
    with_digits(toy, ["01001", "01002", "11003", "11004"])
    path = toy / "values.csv"
    path.write_text(path.read_text().replace("01001,", "1001,"))
    result = ipot("score", "-d", toy, "-o", out / "a.csv")
    assert result.exit_code == 0
    assert "leading zero put back in 1 region keys ('1001')" in result.stderr
    assert sorted(rows(out / "a.csv")["region"]) == ["01001", "01002", "11003", "11004"]


def test_a_lost_leading_zero_is_an_error_where_it_is_not_certain(out, toy):
    with_digits(toy, ["01001", "01002", "11003", "11004"])
    change(toy / "values.csv", "01001,songs", "1001,songs")  # 01001 is there as well
    assert_refused(ipot("score", "-d", toy, "-o", out / "a.csv"), out, "unknown key '1001'")


def test_an_indicator_without_spread_is_refused_or_left_out_with_a_warning(out, toy):
    path = toy / "values.csv"
    path.write_text(path.read_text().replace("quarrels,2021,300", "quarrels,2021,100")
                    .replace("quarrels,2021,200", "quarrels,2021,100"))  # fmt: skip
    (toy / "strict.toml").write_text('name = "strict"')
    strict = ipot("score", "-d", toy, "-r", toy / "strict.toml", "-o", out / "a.csv")
    assert_refused(strict, out, "indicator 'quarrels' has the same value", "constant = 'drop'")
    lenient = ipot("score", "-d", toy, "-o", out / "a.csv")
    assert lenient.exit_code == 0
    assert "'quarrels' is left out" in lenient.stderr


@pytest.mark.parametrize("name", ["nowhere", "values.csv"])
def test_a_missing_dataset_is_refused(out, toy, name):
    result = ipot("score", "-d", toy / name, "-o", out / "a.csv")
    assert_refused(result, out, name, "there is no such dataset folder")


def test_a_missing_recipe_is_refused(out):
    result = ipot("score", "-d", TOY, "-r", out / "r.toml", "-o", out / "a.csv")
    assert_refused(result, out, "r.toml", "cannot be read")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "a.doc",
            [
                "unknown format '.doc'",
                ".geojson, .topojson, .gpkg, .fgb, .parquet, .csv, .xlsx, .zip",
            ],
        ),
        ("missing/a.csv", ["there is no such folder; create it first"]),
        ("a.geojson", ["has no boundaries", ".parquet, .csv, .xlsx"]),
        ("a.gpkg", ["has no boundaries", ".parquet, .csv, .xlsx"]),
    ],
)
def test_a_bad_target_is_refused(out, name, words):
    for command in ("score", "robust"):
        assert_refused(ipot(command, "-d", TOY, "-o", out / name), out, *words)


def test_the_values_behind_the_scores_come_with_year_flag_and_source(out):
    result = ipot("score", "-d", TOY, "--values", "-o", out / "values.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    found = pd.read_csv(out / "values.csv", comment="#", dtype=TEXT | {"flag": str})
    row = found[(found["region"] == "D4") & (found["indicator"] == "wells")].iloc[0]
    assert row["flag"] == "withheld"
    assert set(found["source"]) == {"invented"}


def test_a_bundle_holds_the_same_scores_as_the_file(out):
    assert ipot("score", "-d", TOY, "-o", out / "a.zip").exit_code == 0
    assert ipot("score", "-d", TOY, "-o", out / "a.csv").exit_code == 0
    with zipfile.ZipFile(out / "a.zip") as bundle:
        assert (out / "a.csv").read_bytes().endswith(b"\n" + bundle.read("scores.csv"))


def test_a_table_for_datawrapper_comes_with_its_source_lines(out):
    result = ipot("score", "-d", TOY, "--datawrapper", "--language", "en", "-o", out / "a.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["a.csv", "a.source.txt"]
    assert (out / "a.csv").read_text().startswith("Key,Name,Score,Rank,")


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        (["--values"], "a.zip", "allowed: .csv, .xlsx, .parquet"),
        (["--datawrapper"], "a.xlsx", "Datawrapper takes scores as .csv"),
        (["--datawrapper", "--excel-de"], "a.csv", "either for Datawrapper or for German Excel"),
    ],
)
def test_kinds_of_files_that_do_not_go_together_are_refused(out, words, name, said):
    assert_refused(ipot("score", "-d", TOY, *words, "-o", out / name), out, said)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_an_unwritable_target_is_refused(out):
    assert_refused(ipot("score", "-d", TOY, "-o", "/proc/a.csv"), out, "cannot be written")
    assert_refused(ipot("stages", "-d", TOY, "-o", "/proc/a"), out, "cannot be written")
    assert_refused(ipot("stages", "-d", TOY, "-o", out / "a" / "b"), out, "no such folder")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--draws", "-1"), "draws = -1"),
        (("--seed", "-1"), "whole number"),
        (("--spread", "2"), "spread"),
        (("--spread", "nan"), "spread"),
    ],
)
def test_senseless_draws_are_refused(out, words, said):
    assert_refused(ipot("robust", "-d", TOY, "-o", out / "a.csv", *words), out, said)


def test_a_failure_leaves_the_old_file_as_it_was(out, toy):
    target = out / "a.csv"
    target.write_text("old")
    change(toy / "values.csv", "A1,songs,2021,1,", "A1,songs,2021,one,")
    assert ipot("score", "-d", toy, "-o", target).exit_code == 2
    assert target.read_text() == "old"


@pytest.mark.parametrize("place", [0, 1, 5])
def test_debug_shows_the_traceback_wherever_it_stands(out, place):
    words = ["score", "-d", "nowhere", "-o", str(out / "a.csv")]
    result = ipot(*words[:place], "--debug", *words[place:])
    assert isinstance(result.exception, ValueError)
    assert not isinstance(ipot(*words).exception, ValueError)


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ["4 Regionen", "wells: 2019–2021 (2); 1", "Lizenzen zu klären: 0 von 1"]),
     ("en", ["4 regions", "wells: 2019–2021 (2); 1", "to be confirmed: 0 of 1"])],
)  # fmt: skip
def test_check_reports_a_sound_dataset(language, words):
    result = ipot("data", "check", TOY, "--language", language)
    assert result.exit_code == 0
    assert all(word in result.stdout for word in words), result.stdout


def test_check_verifies_checksums(toy):
    digest = hashlib.sha256((toy / "values.csv").read_bytes()).hexdigest()
    with (toy / "dataset.toml").open("a") as file:
        file.write(f'\n[files]\n"values.csv" = "{digest}"\n')
    assert ipot("data", "check", toy).exit_code == 0
    change(toy / "values.csv", "A1,songs,2021,1,", "A1,songs,2021,7,")
    result = ipot("data", "check", toy, "--language", "en")
    assert result.exit_code == 2
    assert "changed since they were recorded: values.csv" in result.stdout


def test_check_accepts_the_embedded_dataset():
    folder = data_folder() / "kreise"
    if not (folder / "values.parquet").is_file():
        pytest.skip("data/kreise is not built; run `ipot data build`")
    result = ipot("data", "check", folder)
    assert result.exit_code == 0
    assert "400 Regionen" in result.stdout


def test_build_without_the_publishers_files_is_refused(out, tmp_path):
    (tmp_path / "raw").mkdir()
    result = ipot("data", "build", "--from", tmp_path / "raw", "-o", out / "kreise")
    assert_refused(result, out)


def test_app_starts_streamlit_with_the_options_given(monkeypatch, toy):
    calls = []

    def become(path, command, environment):
        calls.append((command, environment.get("POTENZIALATLAS_DATASET")))
        sys.exit(3)

    monkeypatch.setattr(os, "execve", become)
    words = ("app", "--port", "8599", "-d", toy, "--server.headless", "true")
    assert ipot(*words).exit_code == 3
    command, dataset = calls[0]
    assert command[1:4] == ["-m", "streamlit", "run"]
    assert Path(command[4]) == project_root() / "app.py"
    assert command[5:] == ["--server.headless", "true", "--server.port", "8599"]
    assert dataset == str(toy)


@pytest.mark.parametrize(("words", "allowed"), [((), None), (("--allow-update",), "1")])
def test_updates_from_the_page_have_to_be_allowed(words, allowed, monkeypatch):
    given = []

    def become(path, command, environment):
        given.append(environment.get("POTENZIALATLAS_ALLOW_UPDATE"))
        sys.exit(0)

    monkeypatch.setattr(os, "execve", become)
    assert ipot("app", *words).exit_code == 0
    assert given == [allowed]


def test_the_data_folder_can_be_named(monkeypatch, tmp_path, out):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    assert_refused(ipot("score", "-o", out / "a.csv"), out, VARIABLE, "no such folder")


def process(*words):
    return subprocess.run(
        [sys.executable, "-m", "views.cli", *map(str, words)], check=False, text=True,
        capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frobnicate"], ["No such command 'frobnicate'", "--help"]),
        (["score"], ["--output", "score --help"]),
        (["robust", "--nonsense"], ["--nonsense", "robust --help"]),
        (["robust", "--draws", "many", "-o", "a.csv"], ["--draws", "integer"]),
        (["coherence", "--kind", "rank"], ["--kind", "spearman"]),
    ],
)
def test_a_word_that_there_is_not_is_answered_by_one_line(out, words, said):
    assert_refused(ipot(*words), out, *said)


@pytest.mark.parametrize("words", [[], ["data"]])
def test_without_a_command_the_help_is_shown(words):
    result = ipot(*words)
    assert "Commands" in result.stdout
    assert result.stderr == ""


def test_the_program_itself_says_one_line_and_exits_with_2(out):
    result = process("score", "-d", "nowhere", "-o", out / "a.csv")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "ipot: nowhere: there is no such dataset folder.\n"


def test_the_program_itself_writes_a_file_and_is_silent(out):
    result = process("robust", "-d", TOY, "--draws", 100, "-o", out / "a.parquet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert len(pd.read_parquet(out / "a.parquet")) == 4


def test_help_needs_neither_geopandas_nor_streamlit():
    code = (
        "import sys; from views.cli import cli; "
        "sys.exit(any(one in sys.modules for one in ('geopandas', 'streamlit', 'pandas')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert result.returncode == 0
