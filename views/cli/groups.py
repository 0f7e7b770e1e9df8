"""Command of ``ipot`` on several people's weightings.

Heavy imports wait inside the command, so that ``--help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli.analyses import answer, check
from views.cli.root import (
    DatasetOption,
    ExcelOption,
    LanguageOption,
    ReportOption,
    cli,
    open_dataset,
    say,
)

if TYPE_CHECKING:
    from layers import Recipe


@cli.command("group")
def group(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="A B ...",
            help="Recipe files, one for each person; a group recipe stands for its members. "
            "Selection and method are those of the first.",
        ),
    ],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: Annotated[
        Path | None,
        typer.Option("--recipe", help="Also write the group recipe: the mean, with its members."),
    ] = None,
    names: Annotated[
        bool,
        typer.Option(
            help="Whether people keep their names; without them they stand in the order of their "
            "weights."
        ),
    ] = True,
    agreed: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0,
            help="Range of ranks up to which people count as agreed, as a share of all ranks.",
        ),
    ] = 0.1,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:  # fmt: skip
    """Lay several people's weights over each other: agreement, dispute, and who changes what."""
    from layers import score
    from layers.home import active_dataset
    from layers.study.group_recipe import called
    from layers.study.reports import report_group
    from views.i18n import words

    check(output)
    _check_recipe(recipe)
    people = _people(files, names=names)
    opened = open_dataset(dataset or active_dataset())
    given = called(people, words(language).raw("weightings.person"))
    report = report_group(((name, score(opened, one)) for name, one in given.items()),
                          agreed=agreed)  # fmt: skip
    if recipe is not None:
        from geo.place import replace

        replace(recipe, report.about[0].recipe.to_toml().encode())
    answer(report, output, language, excel_de=excel_de)


def _people(files: list[Path], *, names: bool) -> list[Recipe]:
    """Everybody behind the files, under the selection and method of the first."""
    from layers import Recipe
    from layers.catalogue import Text
    from layers.study.group_recipe import as_people, members_of, nameless, with_wishes

    found: list[Recipe] = []
    base: Recipe | None = None
    for path in files:
        given = Recipe.load(path)
        base = given if base is None else base
        if with_wishes(given, base) != with_wishes(base, base):
            say(f"{path}: selection and method are those of {files[0]}, not its own.")
        if not given.members and given.name == Recipe().name:
            given = given.model_copy(update={"name": Text(de=path.stem, en=path.stem)})
        found += [with_wishes(base, one) for one in as_people(given)]
    if names or base is None:
        return found
    hidden = base.model_copy(update={"members": nameless(members_of(found))})
    return list(as_people(hidden))


def _check_recipe(path: Path | None) -> None:
    """Refuse a place that cannot be written before any work is done."""
    from geo.place import check_file
    from layers.errors import ExportError

    if path is None:
        return
    if path.suffix.lower() != ".toml":
        raise ExportError(f"{path}: unknown format '{path.suffix}'; a recipe is a .toml file.")
    check_file(path)
