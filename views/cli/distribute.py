"""The command of ``ipot`` that shares out people over regions by a rule.

Heavy imports wait inside the command, so that ``--help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli import inputs
from views.cli.analyses import answer, check
from views.cli.root import (
    DatasetOption,
    DrawsOption,
    ExcelOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    ReportOption,
    SeedOption,
    SpreadOption,
    cli,
    scored,
)

if TYPE_CHECKING:
    from layers.study.distribution_rule import Rule


@cli.command("distribute")
def distribute(
    people: Annotated[
        str, typer.Argument(metavar="N", help="People in all; 4000,5000 for two steps of these.")
    ],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    rule: Annotated[
        str,
        typer.Option(
            metavar="PART=WEIGHT,...",
            help="Parts population, area, equal, score (inhabitants times score), score_only, "
            "indicator:ID; such as population=0.5,score=0.5. Or a file (TOML).",
        ),
    ] = "population",
    land: Annotated[
        list[str] | None, typer.Option(help="Key of a Land, such as 03; may be repeated.")
    ] = None,
    selected: Annotated[
        bool, typer.Option("--selected", help="Only regions that the recipe's filter keeps.")
    ] = False,
    cap: Annotated[
        float | None, typer.Option(help="At most so many newcomers per 1,000 inhabitants.")
    ] = None,
    count_present: Annotated[
        bool,
        typer.Option("--count-present", help="Recipients of asylum benefits fill the bound, too."),
    ] = False,
    steps: Annotated[int, typer.Option(help="Steps over which N is spread evenly.")] = 1,
    draws: DrawsOption = 1_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Share out people over regions by a rule, and say what that would mean."""
    from layers.study.reports import report_distribution

    check(output)
    asked = _rule(
        rule, land=land or [], selected=selected, cap=cap, count_present=count_present
    )  # fmt: skip
    wanted = _people(people, steps)
    report = report_distribution(
        scored(dataset, recipe, lens), wanted, asked, draws=draws, seed=seed, spread=spread
    )
    answer(report, output, language, excel_de=excel_de)


def _rule(words: str, **options: object) -> Rule:
    """Read the rule; options that are given count more than what a file says."""
    from layers.study.distribution_rule import Rule, mixture_of

    if words.lower().endswith(".toml"):
        content = Rule.load(Path(words)).to_dict()
    else:
        content = {"mixture": mixture_of(words)}
    given = {key: one for key, one in options.items() if one not in (None, []) and one is not False}
    return Rule.parse(content | given, where="--rule")


def _people(words: str, steps: int) -> tuple[int, ...]:
    from layers.errors import RecipeError
    from layers.study.apportion import evenly
    from layers.study.distribution import MOST_STEPS

    given = inputs.whole_numbers(words, "N", "12000 or 4000,5000")
    if steps == 1:
        return tuple(given)
    if len(given) > 1:
        raise RecipeError("--steps spreads one number; leave it out where N names every step.")
    if not 1 <= steps <= min(given[0], MOST_STEPS):
        most = max(min(given[0], MOST_STEPS), 1)
        raise RecipeError(f"--steps {steps}: 1 to {most} are possible for {given[0]} people.")
    return evenly(given[0], steps)
