"""``ipot data update``, ``sources`` and ``rollback``: newer official files, and the way back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli.commands import data
from views.cli.root import USAGE, LanguageOption, progress_bar, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layers.changes import Changes
    from layers.home import Home
    from layers.sources.fetch.supply import Supply
    from layers.update import Outcome, Updater

    ProgressBar = Callable[[int, int], None]

_TEXTS = Path(__file__).with_suffix(".toml")

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Data home, where snapshots and versions are kept; if absent, the one that "
        "POTENZIALATLAS_HOME names, or that of this person.",
    ),
]


@data.command("update")
def update_dataset(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Sources to fetch, as in fetch.toml; if absent, all in use."),
    ] = None,
    *,
    by_hand: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of files that were fetched by hand; they come first."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Fetch, build and check, but do not switch.")
    ] = False,
    home: HomeOption = None,
    definitions: Annotated[
        Path | None, typer.Option(help="Folder of build definitions; the project's if absent.")
    ] = None,
    language: LanguageOption = "de",
) -> None:
    """Fetch newer official files, build a new version beside the old one, check it, switch.

    `ipot data sources` lists the sources with what each feeds and which edition is held. A newer
    edition is fetched only if it is named, such as `ipot data update inkar2025`.

    Accounts are taken from the environment (IPOT_REGIONALSTATISTIK_USER, ..._PASSWORD) or from
    credentials.toml in the data home, which only its owner may read. IPOT_CA_BUNDLE names further
    certificates (PEM) for servers that do not send their whole chain.

    Exit code 2 where the checks forbid the switch; the active version then stays.
    """
    from views.cli.check import quality_lines

    with progress_bar("data update") as told:
        running = _updater(_home(home), definitions, by_hand, language, told)
        outcome = running.run(sources or (), dry_run=dry_run)
    for line in _lines(outcome, language):
        typer.echo(line)
    for line in quality_lines(outcome.quality, outcome.dataset, language):
        typer.echo(line)
    _echo(*_verdict(outcome, dry_run=dry_run), language)
    if outcome.quality.errors:
        raise typer.Exit(USAGE)


@data.command("rollback")
def roll_back(*, home: HomeOption = None, language: LanguageOption = "de") -> None:
    """Return to the version before the last update."""
    _echo("rolled_back", {"version": _home(home).rollback()}, language)


@data.command("sources")
def list_sources(
    *,
    home: HomeOption = None,
    definitions: Annotated[
        Path | None, typer.Option(help="Folder of build definitions; the project's if absent.")
    ] = None,
    language: LanguageOption = "de",
) -> None:
    """Say which source feeds what, how it is fetched, and which edition of it is held."""
    from layers.dataset import Dataset
    from layers.paths import data_folder
    from layers.sources.fetch.supply import supplies

    place = definitions or data_folder() / "definitions" / "kreise"
    for one in supplies(place, Dataset.open(_home(home).active())):
        typer.echo("\n".join(_supply(one, language)))


def _supply(one: Supply, language: str) -> Iterator[str]:
    yield f"{one.key}: {one.title[language]}"
    where = ", ".join(one.addresses) or one.by_hand[language]
    yield f"  {_words(f'way_{one.way}', language)}: {where}"
    held = ", ".join(part for part in (one.held, one.retrieved) if part)
    yield f"  {_words('held', language)}: {held or _words('not_held', language)}"
    frame = [_words(f"frame_{key}", language) for key in one.frame]
    feeds = ", ".join((*one.feeds, *frame)) or _words("feeds_nothing", language)
    yield f"  {_words('feeds', language)}: {feeds}"
    if one.newer:
        yield f"  {_words('newer', language, key=one.key)}"


def _home(folder: Path | None) -> Home:
    from layers.home import Home

    return Home(folder) if folder else Home.find()


def _updater(
    home: Home, definitions: Path | None, by_hand: Path | None, language: str, told: ProgressBar
) -> Updater:
    """Say each step, and show on a terminal how much of each file has come."""
    from geo.renew import updater

    def tell(step: str, what: str) -> None:
        say(_words(step, language, what=what))

    def watch(_place: str) -> Callable[[int, int | None], None]:
        return lambda done, whole: told(done, whole or done)

    return updater(home, definitions, by_hand=by_hand, tell=tell, watch=watch)


def _lines(outcome: Outcome, language: str) -> Iterator[str]:
    for one in outcome.fetched:
        yield _words(
            "fetched", language, place=one.place, size=one.size, sha256=one.sha256[:12],
            retrieved=one.retrieved,
        )  # fmt: skip
        if one.skipped:
            years = ", ".join(map(str, one.skipped))
            yield _words("skipped", language, place=one.place, years=years)
    for spec in outcome.by_hand:
        yield _words("by_hand", language, what=f"{spec.place}: {spec.by_hand[language]}")
    for what in (*outcome.report.dropped, *outcome.report.gaps):
        yield _words("left_out", language, what=what)
    yield _words("snapshot", language, name=outcome.snapshot)
    yield from _changes(outcome.changes, language)


def _changes(changes: Changes, language: str) -> Iterator[str]:
    for kind in ("new", "gone", "regions"):
        if names := getattr(changes, kind):
            yield _words(kind, language, names=", ".join(names))
    for key, row in changes.indicators.iterrows():
        yield _words(
            "changed", language, indicator=key, added=int(row["added"]),
            removed=int(row["removed"]), changed=int(row["changed"]),
            before=_year(row["newest_before"]), after=_year(row["newest_after"]),
        )  # fmt: skip
    if len(changes.largest):
        yield _words("largest", language)
    for one in changes.largest.itertuples(index=False):
        yield _words(
            "difference", language, indicator=one.indicator, region=one.region, year=one.year,
            before=f"{one.before:.6g}", after=f"{one.after:.6g}", size=f"{one.size:.2g}",
        )  # fmt: skip


def _year(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0f}"


def _verdict(outcome: Outcome, *, dry_run: bool) -> tuple[str, dict[str, object]]:
    if outcome.unchanged:
        return "unchanged", {"version": outcome.version}
    if outcome.quality.errors:
        return "refused", {"count": len(outcome.quality.errors)}
    return ("dry_run" if dry_run else "switched"), {"version": outcome.version}


def _echo(key: str, values: dict[str, object], language: str) -> None:
    typer.echo(_words(key, language, **values))


def _words(key: str, language: str, /, **values: object) -> str:
    from layers.texts import texts

    return texts(_TEXTS)[key][language].format(**values)
