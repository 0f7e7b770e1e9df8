"""Commands of ``ipot`` that analyse: sensitivity, coherence, comparisons, weights, years.

Heavy imports wait inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from views.cli import inputs
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
    open_dataset,
    progress_bar,
    quiet_solver,
    say,
    scored,
    scored_in,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers import Scores
    from layers.study.reports import Report

#: Longest table that is printed whole.
_ROWS = 40

VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", metavar="FIELD=VALUE,VALUE",
        help="A choice to vary, such as normalise.method=minmax,rank; may be repeated.",
    ),
]  # fmt: skip
ChoicesOption = Annotated[
    Path | None, typer.Option(help="File (TOML) with a table [choices]; see also --vary.")
]


@cli.command("sobol")
def sobol(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    vary: VaryOption = None,
    choices: ChoicesOption = None,
    weights: Annotated[bool, typer.Option(help="Whether layer weights vary as well.")] = True,
    region: Annotated[
        str | None, typer.Option(help="Explain the rank of this region instead of all ranks.")
    ] = None,
    spread: SpreadOption = None,
    samples: Annotated[int, typer.Option(help="Base samples, a power of two.")] = 256,
    resamples: Annotated[int, typer.Option(help="Bootstrap resamples for the intervals.")] = 200,
    confidence: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    seed: SeedOption = 1,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Say which choices move the ranks most: Sobol indices with intervals."""
    from layers.study.reports import report_sobol

    check(output)
    scores = scored(dataset, recipe, lens)
    varied = inputs.choices(scores, choices, vary or [], whole=True)
    with progress_bar("sobol") as progress:
        report = report_sobol(
            scores, varied, weights=weights, spread=spread, samples=samples, seed=seed,
            resamples=resamples, confidence=confidence, progress=progress,
            region=None if region is None else inputs.region_key(scores, region),
        )  # fmt: skip
    answer(report, output, language, excel_de=excel_de)


@cli.command("multiverse")
def multiverse(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    vary: VaryOption = None,
    choices: ChoicesOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Rank all regions under every combination of reasonable choices."""
    from layers.study.reports import report_multiverse

    check(output)
    scores = scored(dataset, recipe, lens)
    varied = inputs.choices(scores, choices, vary or [], whole=False)
    with progress_bar("multiverse") as progress:
        report = report_multiverse(scores, varied, progress=progress)
    answer(report, output, language, excel_de=excel_de)


@cli.command("extremes")
def extremes(
    regions: Annotated[list[str], typer.Argument(help="Keys or names of regions.")],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LAYER=LOWEST:HIGHEST",
            help="Limits of a layer's share, such as housing=0.05:0.3; may be repeated.",
        ),
    ] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds of search per region and side.")] = 5.0,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Find the best and worst rank that regions can reach under any weighting."""
    from layers.study.reports import report_extremes

    check(output)
    lower, upper = inputs.limits(limit or [])
    scores = scored(dataset, recipe, lens)
    keys = [inputs.region_key(scores, region) for region in regions]
    with progress_bar("extremes") as progress, quiet_solver():
        report = report_extremes(
            scores, keys, lower=lower, upper=upper, time_limit=time_limit, progress=progress
        )
    answer(report, output, language, excel_de=excel_de)


@cli.command("leave-out")
def leave_out(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    kind: Annotated[
        Literal["indicator", "layer"], typer.Option(help="What is left out, one after the other.")
    ] = "indicator",
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Rank all regions without each indicator or layer."""
    from layers.study.reports import report_leave_out

    check(output)
    scores = scored(dataset, recipe, lens)
    with progress_bar("leave-out") as progress:
        report = report_leave_out(scores, kind, progress=progress)
    answer(report, output, language, excel_de=excel_de)


@cli.command("coherence")
def coherence(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    kind: Annotated[
        Literal["pearson", "spearman", "kendall"], typer.Option(help="Correlation of the pairs.")
    ] = "pearson",
    collinear: Annotated[float, typer.Option(help="Flag pairs above this correlation.")] = 0.9,
    negative: Annotated[float, typer.Option(help="Flag pairs below this correlation.")] = -0.4,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Say whether the parts belong together: correlations, double counting, effective weights."""
    from layers.study.reports import report_coherence

    check(output)
    scores = scored(dataset, recipe, lens)
    report = report_coherence(scores, kind=kind, collinear=collinear, negative=negative)
    answer(report, output, language, excel_de=excel_de)


@cli.command("compare")
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Recipe file, or a region.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Recipe file, or a region.")],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    other_dataset: Annotated[
        Path | None, typer.Option(help="Two recipes: dataset folder of B, if it is another.")
    ] = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    count: Annotated[int, typer.Option(help="Two recipes: regions in the table of movers.")] = 10,
    draws: DrawsOption = 10_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Compare two recipes (what changed, and why) or two regions (how sure is their order)."""
    check(output)
    files = [_is_recipe(one) for one in (first, second)]
    if any(files):
        before = scored(dataset, Path(first), lens)
        after = scored_in(
            before.dataset if other_dataset is None else open_dataset(other_dataset),
            Path(second), lens,
        )  # fmt: skip
        report = _two_recipes(before, after, count)
    else:
        report = _two_regions(scored(dataset, recipe, lens), first, second, (draws, seed, spread))
    answer(report, output, language, excel_de=excel_de)


@cli.command("weights")
def weights(
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    node: Annotated[
        str | None, typer.Option(help="Only the parts of this layer; index = the topmost layers.")
    ] = None,
    pairwise: Annotated[
        Path | None, typer.Option(help="Pairwise comparisons (CSV, members x members).")
    ] = None,
    budget: Annotated[
        Path | None, typer.Option(help="Points shared out (CSV, people x members).")
    ] = None,
    total: Annotated[float, typer.Option(help="Points that each person shares out.")] = 100.0,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Show weights that follow from data or from people's judgement beside the given ones."""
    from layers.study.reports import report_weights

    check(output)
    comparisons = inputs.judgements(pairwise) if pairwise else None
    budgets = inputs.judgements(budget) if budget else None
    report = report_weights(
        scored(dataset, recipe, lens), node=node, comparisons=comparisons, budgets=budgets,
        total=total,
    )  # fmt: skip
    answer(report, output, language, excel_de=excel_de)


@cli.command("panel")
def panel(
    years: Annotated[str, typer.Option(help="Years parted by commas, such as 2019,2022.")],
    *,
    output: ReportOption = None,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    base: Annotated[
        str, typer.Option(help="Yardstick: pooled (all these years), or one year.")
    ] = "pooled",
    max_age: Annotated[
        int, typer.Option(help="How many years old a value may be; -1 for any age.")
    ] = 0,
    complete: Annotated[
        bool, typer.Option("--complete", help="Only values that a region has in all years.")
    ] = False,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Score several years against one yardstick, so that they can be compared."""
    from layers.study.reports import report_panel

    check(output)
    wanted = inputs.whole_numbers(years, "--years")
    report = report_panel(
        scored(dataset, recipe, lens), wanted, base=inputs.yardstick(base), complete=complete,
        max_age=None if max_age == -1 else max_age,
    )  # fmt: skip
    answer(report, output, language, excel_de=excel_de)


def _two_recipes(before: Scores, after: Scores, count: int) -> Report:
    from layers.study.reports import report_comparison

    return report_comparison(before, after, count=count)


def _two_regions(
    scores: Scores, first: str, second: str, drawing: tuple[int, int, float | None]
) -> Report:
    from layers.study.reports import report_two_regions

    one, other = (inputs.region_key(scores, region) for region in (first, second))
    draws, seed, spread = drawing
    with progress_bar("compare"), quiet_solver():
        return report_two_regions(scores, one, other, draws=draws, seed=seed, spread=spread)


def _is_recipe(words: str) -> bool:
    return words.lower().endswith(".toml")


def check(output: Path | None) -> None:
    """Refuse a place that cannot be written before any work is done."""
    if output is not None:
        from geo.publish_study import check_report_target

        check_report_target(output)


def answer(report: Report, output: Path | None, language: str, *, excel_de: bool) -> None:
    """Write the report, or print its words and first table."""
    tell(report.notices)
    if output is None:
        for line in _printed(report, language):
            typer.echo(line)
        return
    from geo.publish_study import write_report

    left_out = write_report(report, output, language=language, excel_de=excel_de)
    if left_out:
        say(f"{output} holds one table; a folder, .xlsx or .json also holds {', '.join(left_out)}.")


def _printed(report: Report, language: str) -> Iterator[str]:
    yield from (sentence[language] for sentence in report.words)
    name, table = next(iter(report.tables.items()))
    yield ""
    head = table.head(_ROWS)
    yield head.to_string(index=False, float_format="{:.4g}".format, na_rep="–")
    if len(head) < len(table):
        yield f"... {name}: {len(head)}/{len(table)} (-o)"
