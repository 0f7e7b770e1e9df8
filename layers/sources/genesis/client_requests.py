"""Asking a GENESIS server for a table: requests as data, and what follows from an answer.

Large tables are not sent at once. The way of such an order::

    data/tablefile                     98  too large
    data/tablefile job=true            99  accepted, under a name
    catalogue/results (again, again)  104  not ready yet
    catalogue/results                   0  ready
    data/resultfile                    the zip

`next_step` knows this way. It keeps nothing: where the order stands follows from the answer, which
repeats what was asked. Whoever sends the requests adds up the seconds waited.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.errors import SourceError
from layers.sources.fetch.request import Answer, Done, Fault, Request, Step, Wait
from layers.sources.formats import Raw, is_zip
from layers.sources.genesis.answers import Status, parse, trouble
from layers.sources.genesis.flat import read_flat

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PATIENCE", "SITES", "Query", "next_step", "step_back"]

#: Name of a site -> address of its interface.
SITES = {
    "regionalstatistik": "https://www.regionalstatistik.de/genesisws/rest/2020/",
    "genesis": "https://www-genesis.destatis.de/genesisWS/rest/2020/",
    "zensus2022": "https://ergebnisse.zensus2022.de/api/rest/2020/",
}
#: Seconds after which an order is given up.
PATIENCE = 1800.0
#: First and longest pause between two questions whether an order is ready, in seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0
_TABLE = r"[0-9A-Z][0-9A-Z-]{2,30}"
_OPTIONS = (
    "startyear", "endyear", "timeslices", "regionalvariable", "regionalkey", "stand",
    *(f"classifying{part}{n}" for n in range(1, 6) for part in ("variable", "key")),
)  # fmt: skip
#: Statuses that accept the table as sent, and those that say "not ready".
_OK, _CHANGED, _TOO_LARGE, _ORDERED = 0, 22, 98, 99
_NOT_YET = (103, 104)


@dataclass(frozen=True)
class Query:
    """A table that is asked for.

    Attributes
    ----------
    site : str
        One of `SITES`; each needs an account of its own, whose user name and password are known
        as the secrets ``<site>_user`` and ``<site>_password``.
    table : str
        Number, such as ``12411-01-01-4``.
    options : mapping
        ``startyear``, ``endyear``, ``timeslices``, ``regionalvariable``, ``regionalkey`` and such.
    base : str
        Address of the interface, if it is not that of `SITES` (as in tests).
    """

    site: str
    table: str
    options: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    def __post_init__(self) -> None:
        """Refuse what no server would understand.

        Raises
        ------
        SourceError
            If site, table or an option is unknown; names what is allowed.
        """
        if self.site not in SITES:
            msg = f"GENESIS: no site '{self.site}'; known are {', '.join(SITES)}."
            raise SourceError(msg)
        if not re.fullmatch(_TABLE, self.table):
            msg = f"GENESIS: '{self.table}' is no number of a table, such as 12411-01-01-4."
            raise SourceError(msg)
        unknown = sorted(set(self.options) - set(_OPTIONS))
        if unknown:
            msg = f"GENESIS: no option '{unknown[0]}'; known are {', '.join(_OPTIONS)}."
            raise SourceError(msg)

    @property
    def name(self) -> str:
        """Table and site, for messages."""
        return f"{self.table} ({self.site})"

    def request(self, *, job: bool = False) -> Request:
        """Ask for the table as a flat file in German, the only language that all sites speak."""
        fields = {
            "name": self.table, "area": "all", "compress": "false", "transpose": "false",
            "format": "ffcsv", "language": "de", "quality": "on",
            "job": "true" if job else "false", **self.options,
        }  # fmt: skip
        return self._post("data/tablefile", fields)

    def results(self, job: str) -> Request:
        """Ask whether an order is ready."""
        fields = {"selection": job, "area": "all", "pagelength": "1", "language": "de"}
        return self._post("catalogue/results", fields)

    def result(self, job: str) -> Request:
        """Ask for the file of an order that is ready."""
        fields = {
            "name": job, "area": "all", "compress": "false", "format": "ffcsv", "language": "de",
        }  # fmt: skip
        return self._post("data/resultfile", fields)

    def earlier(self, year: int) -> Query:
        """Return the same question for `year` alone, for when the newest time has no numbers."""
        span = {"startyear": str(year), "endyear": str(year)}
        options = {key: value for key, value in self.options.items() if key != "timeslices"}
        return Query(self.site, self.table, options | span, self.base)

    def _post(self, method: str, fields: dict[str, str]) -> Request:
        secrets = {"username": f"{self.site}_user", "password": f"{self.site}_password"}
        return Request.form((self.base or SITES[self.site]) + method, fields, secrets=secrets)


def next_step(query: Query, answer: Answer, *, waited: float = 0.0) -> Step:
    """Say what follows from an answer to a request of `query`.

    Parameters
    ----------
    waited : float
        Seconds waited for this order so far, the sum of all `Wait.seconds`.

    Returns
    -------
    Step
        `Done` with the zip, a further `Request`, `Wait` with the request to send afterwards, or
        `Fault` with what to do.
    """
    if is_zip(Raw(query.name, answer.content)):
        return Done(answer.content)
    try:
        status = parse(answer.content, query.name)
    except SourceError as cause:
        return Fault(str(cause))
    if status.code == _TOO_LARGE:
        return query.request(job=True)
    if status.code == _ORDERED:
        return _ordered(query, status, waited)
    if status.method == "catalogue/results":
        return _waiting(query, status, answer, waited)
    return Fault(trouble(status, query.name))


def step_back(query: Query, content: bytes, *, level: str = "kreis") -> Query | None:
    """Say what to ask for instead if `content` has no number for any region of `level`.

    Without a span of years the servers send the newest time, which they list before the numbers of
    Kreise are there.

    Parameters
    ----------
    content : bytes
        The zip that came.

    Returns
    -------
    Query or None
        The question for the year before the one that came; None if there are numbers.

    Raises
    ------
    SourceError
        If the file is not as expected or has no region of that level.
    """
    rows = read_flat(Raw(query.name, content)).rows
    rows = rows[rows["level"] == level]
    if rows.empty:
        msg = f"{query.name}: the table has no regions of level '{level}'."
        raise SourceError(msg)
    if rows["value"].notna().any():
        return None
    return query.earlier(int(rows["year"].min()) - 1)


def _ordered(query: Query, status: Status, waited: float) -> Step:
    """Take the name of the order, which only stands at the end of the words."""
    name = re.search(rf"{re.escape(query.table)}_\d+", status.text)
    if not name:
        text = f"{query.name}: the order was accepted, but its name is missing: {status.text!r}."
        return Fault(text)
    return Wait(_pause(waited), query.results(name[0]))


def _waiting(query: Query, status: Status, answer: Answer, waited: float) -> Step:
    job = status.subject
    if not re.fullmatch(rf"{re.escape(query.table)}_\d+", job):
        return Fault(
            f"{query.name}: the list of results is about '{job}', which was not asked for."
        )
    if status.code in (_OK, _CHANGED) and job in _listed(answer):
        return query.result(job)
    if status.code not in (_OK, _CHANGED, *_NOT_YET):
        return Fault(trouble(status, query.name))
    if waited >= PATIENCE:
        text = (
            f"{query.name}: order {job} was not ready after {waited / 60:.0f} minutes; try later."
        )
        return Fault(text)
    return Wait(_pause(waited), query.results(job))


def _listed(answer: Answer) -> set[str]:
    entries = json.loads(answer.content).get("List") or []
    return {str(entry.get("Code", "")) for entry in entries if isinstance(entry, dict)}


def _pause(waited: float) -> float:
    """Wait as long as before once more: 5, 5, 10, 20, 40, then 60 seconds."""
    return min(max(waited, _FIRST_PAUSE), _LONGEST_PAUSE)
