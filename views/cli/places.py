"""The command of ``ipot`` that tells kinds of place.

Heavy imports wait inside the command, so that ``--help`` is quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from views.cli.analyses import answer, check
from views.cli.root import (
    DatasetOption,
    ExcelOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    ReportOption,
    cli,
    scored,
)


@cli.command("kinds")
def kinds(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    step: Annotated[
        float, typer.Option(help="By how much per year the bounds of the trends are moved.")
    ] = 0.1,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Sort regions by size, economic and demographic trend, and say how sure that is."""
    from layers.errors import RecipeError
    from layers.study.reports import report_kinds

    check(output)
    if not 0 < step < float("inf"):
        msg = f"--step: {step:g} moves no bound; give a number above 0, such as 0.1."
        raise RecipeError(msg)
    answer(
        report_kinds(scored(dataset, recipe, lens), step=step), output, language, excel_de=excel_de
    )
