"""Getting the files of a fetch definition: from their servers, or out of a folder by hand."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from layers.errors import FetchError, SourceError
from layers.sources.fetch.archive import safe_place
from layers.sources.fetch.download import Download, no_room
from layers.sources.fetch.jobs import follow
from layers.sources.fetch.kinds import check_kind
from layers.sources.fetch.request import Request
from layers.sources.fetch.snapshot import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from layers.dataset import Source
    from layers.sources.fetch.download import Progress
    from layers.sources.fetch.http import Client
    from layers.sources.fetch.plan import FileSpec, Table, Wizard
    from layers.sources.fetch.request import Answer, Step
    from layers.sources.fetch.snapshot import Store
    from layers.sources.genesis.client_requests import Query

__all__ = ["Collector", "now"]

#: How many years a table is followed back whose newest ones have no numbers of Kreise yet.
_STEPS_BACK = 3


@dataclass(frozen=True)
class Collector:
    """Fetches files into a store.

    Attributes
    ----------
    sources : mapping
        Licences and attribution lines by key, for the manifest.
    by_hand : Path, optional
        Folder of files that were fetched by a person; they come first.
    watch : callable
        Given a file's place, returns what its progress is told to.
    """

    client: Client
    store: Store
    sources: Mapping[str, Source]
    by_hand: Path | None = None
    watch: Callable[[str], Progress | None] = lambda _place: None

    def collect(self, spec: FileSpec, workplace: Path) -> Entry:
        """Get one file, check it and put it into the store.

        Raises
        ------
        FetchError
            If it cannot be had, or is not what it should be.
        """
        workplace.mkdir(parents=True, exist_ok=True)
        target = workplace / spec.place.replace("/", "_")
        given = self._handed_in(spec)
        skipped: tuple[int, ...] = ()
        if given is not None:
            request = Request("")
            _copy(given, target)
        elif spec.genesis:
            request, skipped = self._order(spec.genesis, target)
        elif spec.inkar_wizard:
            request = self._inquire(spec.inkar_wizard, target)
        elif spec.is_online:
            request = self._fetch(spec, target)
        else:
            raise FetchError(f"{spec.place}: {spec.by_hand.en} --from", code="by_hand")
        # A hash that is known says more than any look at the beginning.
        if not (spec.sha256 and given is None):
            check_kind(target, spec.kind, spec.url or spec.place, header=spec.header)
        size = target.stat().st_size
        return Entry(
            place=spec.place, sha256=self.store.put(target), size=size, method=request.method,
            url=request.url, body=request.body.decode("utf-8", "replace"), retrieved=now(),
            edition=spec.edition, member=spec.member, prepare=spec.prepare, sources=spec.sources,
            skipped=skipped,
            licence=(spec.licence,) if spec.licence else self._of_sources(spec, "licence"),
            attribution=(
                (spec.attribution,) if spec.attribution else self._of_sources(spec, "attribution")
            ),
        )  # fmt: skip

    def has(self, spec: FileSpec) -> bool:
        """Whether the file was handed in."""
        return self._handed_in(spec) is not None

    def _handed_in(self, spec: FileSpec) -> Path | None:
        if self.by_hand is None:
            return None
        whole = safe_place(self.by_hand, spec.place)
        return next((one for one in (whole, self.by_hand / whole.name) if one.is_file()), None)

    def _fetch(self, spec: FileSpec, target: Path) -> Request:
        progress = self.watch(spec.place)
        request = Request(spec.url)
        parts = self.client.folder / "unfinished"
        Download(self.client, parts, spec.hosts, spec.sha256, progress).fetch(request, target)
        return request

    def _order(self, table: Table, target: Path) -> tuple[Request, tuple[int, ...]]:
        """Ask for a table; if its newest year has no number of any Kreis, for the year before.

        Returns
        -------
        (Request, tuple of int)
            What gave the content, and the years that came empty.
        """
        from layers.sources.genesis.client_requests import Query

        query, skipped = Query(table.site, table.table, table.options, table.base), list[int]()
        while len(skipped) <= _STEPS_BACK:
            content = self._ask(query)
            earlier = _earlier(query, content)
            if earlier is None:
                _write(target, content)
                return query.request(), tuple(skipped)
            query = earlier
            skipped.append(int(query.options["startyear"]) + 1)
        years = ", ".join(map(str, skipped))
        msg = (
            f"{query.name}: there is no number of any Kreis in {years}; look on the site for the "
            "newest year that has them and state it as startyear and endyear."
        )
        raise FetchError(msg, code="no_kreise")

    def _inquire(self, asked: Wizard, target: Path) -> Request:
        """Ask INKAR which years there are, and if wanted for their values."""
        from layers.sources.formats import Raw
        from layers.sources.inkar import wizard

        base = asked.base or wizard.BASE
        request = wizard.offers_request(asked.group, base=base)
        content = self.client.ask(request).content
        if asked.part == "values":
            try:
                offers = wizard.parse_offers(Raw(str(request), content))
                request = wizard.values_request(offers, base=base)
            except (SourceError, ValueError) as cause:
                msg = f"{request}: indicator {asked.group} of INKAR: {cause}"
                raise FetchError(msg, code="other_kind") from None
            content = self.client.ask(request).content
        _write(target, content)
        return request

    def _ask(self, query: Query) -> bytes:
        from layers.sources.genesis.client_requests import next_step

        def step(answer: Answer, waited: float) -> Step:
            return next_step(query, answer, waited=waited)

        return follow(self.client, query.request(), step).content

    def _of_sources(self, spec: FileSpec, field: str) -> tuple[str, ...]:
        found = (self.sources.get(key) for key in spec.sources)
        return tuple(getattr(one, field) for one in found if one is not None)


def now() -> str:
    """UTC, to the second, ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _earlier(query: Query, content: bytes) -> Query | None:
    from layers.sources.genesis.client_requests import step_back

    try:
        return step_back(query, content)
    except SourceError:
        # No table of Kreise, or none at all: what came is for its reader to judge.
        return None


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as cause:
        raise no_room(str(target), cause) from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as cause:
        raise no_room(str(source), cause) from None
