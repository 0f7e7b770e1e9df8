"""Commands of ``ipot selfcheck``: the municipal self-check without the app.

Heavy imports wait inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli.analyses import answer
from views.cli.analyses import check as check_target
from views.cli.inputs import region_key
from views.cli.root import (
    DatasetOption,
    ExcelOption,
    LanguageOption,
    ReportOption,
    cli,
    open_dataset,
    quiet_solver,
    scored,
)

if TYPE_CHECKING:
    from layers import Dataset, Scores
    from layers.selfcheck import SelfCheck

_TEXTS = Path(__file__).with_suffix(".toml")
_PRINTED = (".pdf", ".html")

selfcheck = typer.Typer(
    no_args_is_help=True,
    help="The municipal self-check: a file that stays with you, its result beside the statistics.",
)
cli.add_typer(selfcheck, name="selfcheck")

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Self-checks (TOML); those of one place are merged."),
]


@selfcheck.command("new")
def new(
    region: Annotated[str, typer.Argument(help="Key or name of a region.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="File (.toml) to write: new.")],
    place: Annotated[str, typer.Option(help="Municipality within the region.")] = "",
    dataset: DatasetOption = None,
    language: LanguageOption = "de",
) -> None:
    """Write an empty self-check with all statements as comments, to be filled in anywhere."""
    from geo.place import check_file, replace
    from layers.errors import ExportError
    from layers.selfcheck import new_rater, to_toml
    from layers.selfcheck.file import SelfCheck
    from layers.toml import validate

    if output.suffix.lower() != ".toml":
        raise ExportError(f"{output}: a self-check is a .toml file.")
    if output.exists():
        raise ExportError(f"{output}: is there already; name a new file.")
    check_file(output)
    scores = scored(dataset, None)
    key = region_key(scores, region)
    today = dt.date.today()  # noqa: DTZ011 -- the reader's own day
    content = {"region": key, "place": place, "rater": [new_rater(today).model_dump()]}
    made = validate(SelfCheck, content, where="selfcheck", error=ExportError)
    text = f"{_words('head', language)}\n\n{to_toml(made)}\n{_blank(language)}"
    replace(output, text.encode())
    named = _name(scores.dataset, key)
    typer.echo(_words("written", language, file=output, region=named))


@selfcheck.command("check")
def check(
    files: FilesArgument, *, dataset: DatasetOption = None, language: LanguageOption = "de"
) -> None:
    """Say what files hold; a damaged one is refused in one line."""
    from layers.selfcheck import field_results, load

    opened = _dataset(dataset)
    for file in files:
        one = load(file)
        counts = field_results(one)[["answered", "not_ours", "open"]].sum().to_dict()
        typer.echo(_words(
            "checked", language, file=file, region=_name(opened, one.region),
            people=len(one.raters), **{str(key): int(value) for key, value in counts.items()},
        ))  # fmt: skip


@selfcheck.command("result")
def result(
    files: FilesArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=".pdf or .html to print; .xlsx or .json, a folder for all tables as CSV, or .csv "
            "for the first; if absent, the answer is printed.",
        ),
    ] = None,
    dataset: DatasetOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Report the result by field and statement, beside the region's own statistics."""
    from layers.selfcheck.report import report_selfcheck

    printed = output is not None and output.suffix.lower() in _PRINTED
    _check_place(output, printed=printed)
    merged = _merged(files, language)
    scores = scored(dataset, None)
    if output is not None and printed:
        _print(merged, scores, output, language)
        return
    answer(report_selfcheck(merged, scores), output, language, excel_de=excel_de)


@selfcheck.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(help="Earlier self-check (TOML).")],
    after: Annotated[Path, typer.Argument(help="Later self-check of the same region (TOML).")],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Say what rose and what fell between two dates; only what was answered both times counts."""
    from layers.selfcheck import load
    from layers.selfcheck.report import report_change

    check_target(output)
    sides = load(before), load(after)
    answer(report_change(*sides, scored(dataset, None)), output, language, excel_de=excel_de)


@selfcheck.command("add")
def add(
    files: FilesArgument,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Dataset folder to write: new.")],
    dataset: DatasetOption = None,
    language: LanguageOption = "de",
) -> None:
    """Add the result to the score of its region, marked as self-assessment, in a new folder."""
    from layers.extend import write
    from layers.selfcheck.as_layer import add_to, self_assessed

    extended = add_to(_dataset(dataset), [_merged(files, language)])
    write(extended, output)
    regions = ", ".join(_name(extended, key) for key in self_assessed(extended))
    typer.echo(_words(
        "added", language, folder=output, reference=extended.reference, regions=regions
    ))  # fmt: skip


def _merged(files: list[Path], language: str) -> SelfCheck:
    """Bring the files together, and say of each further one what it brought."""
    from layers.selfcheck import load, merge

    whole = load(files[0])
    for file in files[1:]:
        found = merge(whole, load(file))
        whole = found.check
        typer.echo(_words(
            "merged", language, file=file, added=found.added, replaced=found.replaced,
            same=found.same,
        ), err=True)  # fmt: skip
    return whole


def _check_place(output: Path | None, *, printed: bool) -> None:
    """Refuse a place that cannot be written before any work is done."""
    from geo.place import check_file
    from views.printing import check as check_printing

    if output is None or not printed:
        check_target(output)
        return
    check_file(output)
    if output.suffix.lower() == ".pdf":
        check_printing()


def _print(check: SelfCheck, scores: Scores, output: Path, language: str) -> None:
    from geo.place import replace
    from views.i18n import words as words_of
    from views.selfcheck.report import FORMATS, to_bytes

    words = words_of("de" if language == "de" else "en")
    suffix = next(one for one in FORMATS if one == output.suffix.lower())
    names = [
        ", ".join(filter(None, (one.name, one.role))) or _words("person", language, number=number)
        for number, one in enumerate(check.raters, start=1)
    ]
    with quiet_solver():
        content = to_bytes(check, names, scores.dataset, words, suffix)
    replace(output, content)


def _dataset(folder: Path | None) -> Dataset:
    from layers.home import active_dataset

    return open_dataset(folder or active_dataset())


def _name(dataset: Dataset, key: str) -> str:
    """Name of a region, which the dataset must have."""
    from layers.errors import SelfCheckError

    if key not in dataset.regions.index:
        msg = f"region '{key}' is not in {dataset.reference}; keys look like "
        raise SelfCheckError(f"{msg}'{dataset.regions.index[0]}'.", code="unknown_region")
    regions = dataset.regions
    return str(regions["label" if "label" in regions else "name"][key])


def _blank(language: str) -> str:
    """All statements, each with an answer that is still a comment."""
    from layers.selfcheck import fields, statements

    lines = [_words("scale", language), "[rater.ratings]"]
    for field in fields():
        lines += ["", f"# {field.name[language]}"]
        for key in field.asked:
            lines += [f"# {statements()[key][language]}", f'#"{key}" = 2']
    return "\n".join(lines) + "\n"


def _words(key: str, language: str, /, **values: object) -> str:
    from layers.texts import texts

    return texts(_TEXTS)[key][language].format(**values)
