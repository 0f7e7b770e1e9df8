"""Results of federal elections as the Bundeswahlleiterin publishes them.

Four files look alike, and only one of them is about Kreise:

* ``kerg``: one line per constituency (Wahlkreis), three header lines; of European elections, which
  have no constituencies, one line per Kreis
* ``kerg2``: the same, one number per line
* ``structure``: Strukturdaten, statistics of the constituencies
* ``kreis``: results by kreisfreie Stadt and Landkreis, two header lines

The borders of constituencies are not those of Kreise: a constituency may hold several Kreise or a
part of one. Its numbers are never passed on as numbers of Kreise. The file by Kreis lists Berlin's
East and West apart; they are added up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from layers.sources.formats import (
    Raw,
    Where,
    cells_to_numbers,
    csv_lines,
    decode,
    joined_headers,
    load,
)
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Election", "long", "read", "read_election"]

FOLDER = "bundeswahlleiterin"

Kind = Literal["kerg", "kerg2", "structure", "kreis"]
_HINT = "Get the file from www.bundeswahlleiterin.de."
_BY_KREIS = (
    "its borders are not those of Kreise. Needed is the table 'Ergebnisse ... nach kreisfreien "
    "Städten und Landkreisen' of the same election."
)
#: Beginning of the header line -> kind of file.
_KINDS: dict[str, Kind] = {
    "Nr;Gebiet;gehört zu": "kerg",
    "Wahlart;Wahltag;Gebietsart;Gebietsnummer;Gebietsname": "kerg2",
    "Land;Wahlkreis-Nr.;Wahlkreis-Name": "structure",
    "Land;Statistische Kennziffer": "kreis",
}
_MARKS = {"": "no number"}
_VOTES = {"": "", "1": "Erststimmen", "2": "Zweitstimmen"}
_AREAS = {"Bund": "country", "Land": "land", "Wahlkreis": "constituency"}
_WIDTHS = {2: "land", 3: "constituency", 5: "kreis"}
_COUNTRY = "99"
#: Strukturdaten give totals of Länder and of Germany numbers behind those of constituencies.
_FIRST_TOTAL, _TOTAL = 901, 999
#: Berlin's East and West are listed apart, with keys that no other publisher uses.
_BERLIN, _HALVES = "11000", {"11100", "11200"}
_COLUMNS = ["line", "level", "region", "name", "group", "vote", "period", "cell"]
_BEFORE = "Vorperiode"


@dataclass(frozen=True)
class Election:
    """A file of results.

    Attributes
    ----------
    kind : str
        Which of the four files it is.
    year : int
        Of the election.
    rows : DataFrame
        line, level (country, land, constituency, kreis), region, name, group (party, or such as
        ``Wahlberechtigte``; in ``structure`` the statistic), vote (Erststimmen, Zweitstimmen or
        ""), period ("" or ``Vorperiode``), value (NaN where no number is printed).
    provisional : bool
        Whether the file says that the result is provisional.
    """

    name: str
    kind: Kind
    year: int
    rows: pd.DataFrame
    provisional: bool


def read_election(source: Path | Raw) -> Election:
    """Read any of the four files; which one it is follows from its header.

    Raises
    ------
    SourceError
        If the header is none of the four, the year is missing, a line has another number of
        fields, a key or a number is malformed, or the Kreise do not add up to the country.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    lines = csv_lines(decode(raw, "utf-8-sig", "cp1252"), where)
    at, kind = _header(lines, where)
    words = " ".join(cell for line in lines[:at] for cell in line)
    year = _year(words, lines[at + 1 :], kind, where)
    rows_of = {"kerg": _kerg, "kerg2": _kerg2, "structure": _structure, "kreis": _kreis}[kind]
    cells = pd.DataFrame(rows_of(lines, at, where), columns=_COLUMNS)
    if cells.empty:
        what = "no line of data follows the header: the file was cut off."
        raise where.fault(what, line=len(lines))
    value, _ = cells_to_numbers(
        cells["cell"].set_axis(cells["line"]), where, grouped=kind == "structure", marks=_MARKS,
        columns=cells["group"] + (" " + cells["vote"]).str.rstrip(),
    )  # fmt: skip
    rows = cells.drop(columns="cell").assign(value=value.to_numpy())
    _once(rows, where)
    if kind == "kreis" or (rows["level"] == "kreis").any():
        _adds_up(rows[rows["period"] == ""], where)
        rows = _one_berlin(rows, where)
    return Election(raw.name, kind, year, rows, "Vorläufig" in words)


def long(
    election: Election, group: str, *, vote: str = "", level: str = "kreis",
    absent_is_zero: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Pick one group as a long table of votes (or of the statistic's unit).

    Parameters
    ----------
    absent_is_zero : bool
        Whether an empty cell is 0 votes, as for a party that did not stand. Else it is a gap.

    Raises
    ------
    SourceError
        If Kreise are asked of a file of constituencies, or the group does not occur.
    """
    where = Where(election.name)
    levels = set(election.rows["level"])
    if level == "kreis" and level not in levels:
        what = f"holds constituencies (Wahlkreise): {_BY_KREIS}"
        raise where.fault(what)
    if level not in levels:
        what = f"has no areas of level '{level}'; it has {', '.join(sorted(levels))}."
        raise where.fault(what)
    now = election.rows[(election.rows["period"] == "") & (election.rows["level"] == level)]
    rows = now[(now["group"] == group) & (now["vote"] == vote)]
    if rows.empty:
        pairs = now[["group", "vote"]].drop_duplicates().head(12).agg(" ".join, axis=1)
        wanted = f"{group} {vote}".strip()
        what = f"has no '{wanted}'; it has {', '.join(repr(p.strip()) for p in pairs)}, ..."
        raise where.fault(what)
    value = rows["value"].fillna(0.0) if absent_is_zero else rows["value"]
    flag = "provisional" if election.provisional else ""
    table = long_table(rows["region"], election.year, value, flag)
    return table[table["value"].notna()].reset_index(drop=True)


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read votes by Kreis from ``bundeswahlleiterin/<table>``; an empty cell is 0 votes.

    Parameters
    ----------
    code : str
        Group, and the vote where there are two: ``CDU / Zweitstimmen``.

    Raises
    ------
    SourceError
        As `read_election` and `long`.
    """
    group, _, vote = code.partition(" / ")
    return long(read_election(raw / FOLDER / table), group, vote=vote, absent_is_zero=True)


def _header(lines: Sequence[Sequence[str]], where: Where) -> tuple[int, Kind]:
    for position, line in enumerate(lines[:30]):
        for beginning, kind in _KINDS.items():
            if ";".join(line).startswith(beginning):
                return position, kind
    what = f"none of the first 30 lines begins like a known header: {' | '.join(_KINDS)}."
    raise where.fault(what)


def _year(words: str, data: Sequence[Sequence[str]], kind: Kind, where: Where) -> int:
    if kind == "kerg2" and data:  # the day of the election stands in every line
        words = f"Bundestagswahl {' '.join(data[0][1:2])}"
    found = re.search(r"(?:Bundestagswahl|Europawahl)(?: am)? (?:\d{2}\.\d{2}\.)?(\d{4})", words)
    if not found:
        what = "the lines above the header do not say of which election the numbers are."
        raise where.fault(what)
    return int(found[1])


def _wide(line: Sequence[str], width: int, number: int, where: Where) -> bool:
    """Tell lines of data from lines of separators, and refuse all others."""
    if not any(line):
        return False
    if len(line) != width:
        what = f"has {len(line)} fields, expected are {width}."
        raise where.fault(what, line=number)
    return True


def _level(key: str, number: int, where: Where) -> str:
    if key == _COUNTRY:
        return "country"
    if not key.isdigit() or len(key) not in _WIDTHS:
        what = f"{key!r} is no number of a Land (2 digits), constituency (3) or Kreis (5)."
        raise where.fault(what, line=number)
    return _WIDTHS[len(key)]


Rows = list[tuple[int, str, str, str, str, str, str, str]]


def _kerg(lines: Sequence[Sequence[str]], at: int, where: Where) -> Rows:
    first = next((n for n in range(at + 1, len(lines)) if any(lines[n][:1])), len(lines))
    for number in range(at, first):
        _wide(lines[number], len(lines[at]), number + 1, where)
    start = 4 if lines[at][3:4] == ["Gewählt"] else 3
    labels = joined_headers([["", *line[start:]] for line in lines[at:first]], ";")[1:]
    rows: Rows = []
    for number, line in enumerate(lines[first:], start=first + 1):
        if not _wide(line, len(lines[at]), number, where):
            continue
        level = _level(line[0], number, where)
        for label, cell in zip(labels, line[start:], strict=True):
            if label:
                parts = label.split(";")
                vote = next((part for part in parts if part in _VOTES.values()), "")
                period = _BEFORE if _BEFORE in parts else ""
                rows.append((number, level, line[0], line[1], parts[0], vote, period, cell))
    return rows


def _kerg2(lines: Sequence[Sequence[str]], at: int, where: Where) -> Rows:
    header = lines[at]
    names = (
        "Gebietsart", "Gebietsnummer", "Gebietsname", "Gruppenname", "Stimme", "Anzahl",
        "VorpAnzahl",
    )  # fmt: skip
    lacking = [name for name in names if name not in header]
    if lacking:
        what = "this column is missing."
        raise where.fault(what, line=at + 1, column=lacking[0])
    place = [header.index(name) for name in names]
    rows: Rows = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        if not _wide(line, len(header), number, where):
            continue
        area, key, name, group, vote, now, before = (line[position] for position in place)
        if area not in _AREAS or vote not in _VOTES:
            what = f"{area!r} is no known kind of area, or {vote!r} no vote (1 or 2)."
            raise where.fault(what, line=number)
        for period, cell in (("", now), (_BEFORE, before)):
            rows.append((number, _AREAS[area], key, name, group, _VOTES[vote], period, cell))
    return rows


def _structure(lines: Sequence[Sequence[str]], at: int, where: Where) -> Rows:
    header = lines[at]
    # The last column holds footnotes; one edition leaves its header empty.
    places = [n for n in range(3, len(header)) if header[n] not in ("", "Fußnoten")]
    rows: Rows = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        if not _wide(line, len(header), number, where):
            continue
        if not line[1].isdigit():
            what = f"{line[1]!r} is no number of a constituency."
            raise where.fault(what, line=number, column=header[1])
        level, key = _structure_area(int(line[1]))
        rows += [(number, level, key, line[2], header[n], "", "", line[n]) for n in places]
    return rows


def _structure_area(number: int) -> tuple[str, str]:
    if number == _TOTAL:
        return "country", _COUNTRY
    if number >= _FIRST_TOTAL:
        return "land", f"{number - 900:02d}"
    return "constituency", f"{number:03d}"


def _kreis(lines: Sequence[Sequence[str]], at: int, where: Where) -> Rows:
    header, votes = lines[at], [*lines[at + 1 : at + 2], []][0]
    if not _wide(votes, len(header), at + 2, where):
        what = "the line of votes (Erststimmen, Zweitstimmen) is missing."
        raise where.fault(what, line=at + 2)
    rows: Rows = []
    for number, line in enumerate(lines[at + 2 :], start=at + 3):
        if not _wide(line, len(header), number, where):
            continue
        key = line[1] or (_COUNTRY if line[2] == "Bundesgebiet" else "")
        level = _level(key, number, where)
        for n in range(3, len(header)):
            vote = votes[n] if votes[n] in _VOTES.values() else ""
            rows.append((number, level, key, line[2], header[n], vote, "", line[n]))
    return rows


def _once(rows: pd.DataFrame, where: Where) -> None:
    twice = rows.duplicated(["level", "region", "group", "vote", "period"])
    if twice.any():
        row = rows[twice].iloc[0]
        what = f"'{row['group']}' of area {row['region']} occurs a second time."
        raise where.fault(what, line=int(row["line"]))


def _one_berlin(rows: pd.DataFrame, where: Where) -> pd.DataFrame:
    """Add the votes of Berlin's East and West."""
    half = rows["region"].isin(_HALVES)
    there = set(rows.loc[half, "region"])
    if not there:
        return rows
    if there != _HALVES or (rows["region"] == _BERLIN).any():
        what = f"Berlin is listed as {', '.join(sorted(there))} without its other half, or twice."
        raise where.fault(what)
    columns = ["level", "group", "vote", "period"]
    whole = rows[half].groupby(columns, as_index=False, sort=False).agg(
        line=("line", "min"), value=("value", "sum")
    )  # fmt: skip
    whole = whole.assign(region=_BERLIN, name="Berlin")
    return pd.concat([rows[~half], whole[rows.columns]], ignore_index=True)


def _adds_up(rows: pd.DataFrame, where: Where) -> None:
    """Refuse a file whose Kreise do not have the votes of the country: lines are missing."""
    if not {"kreis", "country"} <= set(rows["level"]):
        what = "the last line, 'Bundesgebiet', or the Kreise are missing: the file was cut off."
        raise where.fault(what)
    sums = rows.groupby(["level", "group", "vote"])["value"].sum()
    off = sums["kreis"] - sums["country"]
    if off.any():
        group, vote = off.index[int(off.to_numpy().nonzero()[0][0])]
        what = f"'{group}' {vote}: the Kreise do not add up to 'Bundesgebiet'; lines are missing."
        raise where.fault(what)
