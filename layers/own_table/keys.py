"""Which region a cell means: by key, by statistical code, or by name.

Keys of any dataset are found as they stand and with a lost leading zero. German codes are an extra
where keys are digits: AGS of 8 digits, ARS of 12, NUTS 3 codes if the regions table has them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from layers.own_table.names import Name, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["Keys", "Match", "State", "as_text"]

State = Literal["matched", "ambiguous", "coarser", "finer", "missed", "empty"]
How = Literal["key", "zero", "longer", "only", "nuts", "name", ""]

_DIGITS = re.compile(r"[0-9]+")
_CODE_AND_NAME = re.compile(r"([0-9]{2,12})[\s:.,-]+(\D.*)", re.DOTALL)
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,4}")
#: Digits of an AGS and of an ARS, and of the Land that either begins with.
_AGS, _ARS, _LAND = 8, 12, 2
#: Characters that a name can have; a longer cell holds something else.
_LONGEST = 200
#: Cells that stand for the whole country.
_NATION = frozenset({"dg", "de", "deutschland", "germany", "bund", "bundesgebiet", "insgesamt"})


@dataclass(frozen=True, slots=True)
class Match:
    """What a cell was found to mean.

    Attributes
    ----------
    region : str
        Key of the region; empty unless the state is "matched".
    state : str
        "matched"; "ambiguous": several regions have that name; "coarser" or "finer": a Land, the
        nation, a municipality; "missed": nothing in this dataset; "empty".
    choices : tuple of str
        Keys of the regions that an ambiguous name could mean.
    how : str
        "key" as it stands, "zero" with its leading zero put back, "longer" cut from an AGS or ARS,
        "only" a Land that is one region, "nuts", "name".
    """

    region: str = ""
    state: State = "matched"
    choices: tuple[str, ...] = ()
    how: How = ""


_MISSED, _EMPTY = Match(state="missed"), Match(state="empty")
_COARSER, _FINER = Match(state="coarser"), Match(state="finer")


@dataclass(frozen=True)
class Keys:
    """All ways in which the regions of one dataset can be named.

    Attributes
    ----------
    regions : DataFrame
        Indexed by region, with a column ``name``; ``label``, ``kind`` and ``nuts3…`` help.
    """

    regions: pd.DataFrame
    _known: dict[str, Match] = field(default_factory=dict, init=False, repr=False)

    def match(self, cell: object) -> Match:
        """Say which region a cell means."""
        text = as_text(cell)
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def match_all(self, cells: Iterable[object]) -> list[Match]:
        """Match the cells of one column; a Land that is one region counts where that is not there.

        In official tables Berlin and Hamburg often have the key of their Land only.
        """
        found = [self.match(cell) for cell in cells]
        there = {one.region for one in found if one.how != "only"}
        return [_COARSER if one.how == "only" and one.region in there else one for one in found]

    @cached_property
    def _index(self) -> pd.Index:
        return self.regions.index

    @cached_property
    def _length(self) -> int:
        """Digits of every key; 0 where keys are no digits or differ in length."""
        lengths = set(self._index.str.len())
        digits = all(_DIGITS.fullmatch(key) for key in self._index)
        return lengths.pop() if digits and len(lengths) == 1 else 0

    @cached_property
    def _by_case(self) -> dict[str, str]:
        return {key.casefold(): key for key in self._index}

    @cached_property
    def _lands(self) -> dict[str, list[str]]:
        lands = defaultdict(list)
        for key in self._index:
            lands[key[:_LAND]].append(key)
        return lands

    @cached_property
    def _nuts(self) -> dict[str, set[str]]:
        codes: dict[str, set[str]] = defaultdict(set)
        for column in [one for one in self.regions if str(one).startswith("nuts3")]:
            for region, code in self.regions[column].dropna().items():
                codes[str(code).upper()].add(str(region))
        return codes

    @cached_property
    def _names(self) -> list[tuple[str, Name]]:
        """Region and parts of every name and label; a kind of its own column comes first."""
        kinds = self.regions["kind"].to_dict() if "kind" in self.regions else {}
        listed: dict[tuple[str, Name], None] = {}
        for column in ("name", "label"):
            if column not in self.regions:
                continue
            for region, text in self.regions[column].dropna().items():
                kind = parse_name(kinds.get(str(region), "")).kind
                name = parse_name(str(text))
                listed[str(region), replace(name, kind=kind or name.kind)] = None
        return list(listed)

    @cached_property
    def _by_words(self) -> dict[str | frozenset[str], list[tuple[str, Name]]]:
        """Names by the word that they begin with, and by all their words."""
        found: dict[str | frozenset[str], list[tuple[str, Name]]] = defaultdict(list)
        for region, one in self._names:
            found[one.first].append((region, one))
            found[one.words].append((region, one))
        return found

    def _alike(self, name: Name) -> list[tuple[str, Name]]:
        """Names that a name can mean at all, among some that it cannot."""
        return self._by_words.get(name.first, []) + self._by_words.get(name.words, [])

    @cached_property
    def _above(self) -> frozenset[str]:
        """Names of Länder that no region has as well."""
        lands = self.regions["land_name"].dropna() if "land_name" in self.regions else ()
        own = {str(name).casefold() for name in self.regions["name"]}
        return frozenset(str(land).casefold() for land in lands) - own

    def _find(self, text: str) -> Match:
        folded = text.casefold()
        if not text:
            return _EMPTY
        if folded in self._by_case:
            return Match(text if text in self._index else self._by_case[folded], how="key")
        if folded in _NATION or folded in self._above:
            return _COARSER
        return self._by_code_or_name(text)

    def _by_code_or_name(self, text: str) -> Match:
        if _DIGITS.fullmatch(text):
            return self._by_code(text)
        if self._nuts and _NUTS.fullmatch(text.upper()) and any(map(str.isdigit, text)):
            return self._by_nuts(text.upper())
        if found := _CODE_AND_NAME.fullmatch(text):
            by_code = self._by_code(found[1])
            return by_code if by_code.state != "missed" else self._by_name(found[2])
        return self._by_name(text)

    def _by_code(self, digits: str) -> Match:
        if not self._length:
            return _MISSED
        for full, how in self._padded(digits):
            if full in self._index:
                return Match(full, how=how)
        if set(digits) == {"0"}:
            return _COARSER
        return self._other_level(digits)

    def _padded(self, digits: str) -> list[tuple[str, How]]:
        """Keys that digits may stand for: as they are, with a zero in front, or cut from longer."""
        length, count = self._length, len(digits)
        if count == length:
            return [(digits, "key")]
        if count == length - 1:
            return [("0" + digits, "zero")]
        for longer in (_AGS, _ARS):
            whole = digits.zfill(longer)
            if length < longer and count in (longer - 1, longer) and not whole[length:].strip("0"):
                return [(whole[:length], "longer")]
        return []

    def _other_level(self, digits: str) -> Match:
        count, length = len(digits), self._length
        if count <= _LAND:
            below = self._lands.get(digits.zfill(_LAND), [])
            if len(below) == 1 and length > _LAND:
                return Match(below[0], how="only")
            return _COARSER if below else _MISSED
        if count < length - 1:
            return _COARSER if digits[:_LAND] in self._lands else _MISSED
        if count > length:
            whole = digits.zfill(_AGS if count <= _AGS else _ARS)
            return _FINER if whole[:_LAND] in self._lands else _MISSED
        return _MISSED

    def _by_nuts(self, code: str) -> Match:
        regions = sorted(self._nuts.get(code, ()))
        if len(regions) == 1:
            return Match(regions[0], how="nuts")
        if regions:
            return Match(state="ambiguous", choices=tuple(regions))
        above = any(one.startswith(code) for one in self._nuts)
        return _COARSER if above else _MISSED

    def _by_name(self, text: str) -> Match:
        """Regions with this name and, where the name says so, of this kind; one or none is certain.

        A name may leave out what a region's has in addition ("Halle" for Halle (Saale)), as long
        as no other region could be meant as well.
        """
        if len(text) > _LONGEST:
            return _MISSED
        name = parse_name(text)
        if not name.words:
            return _MISSED
        fitting: dict[str, bool] = {}
        for region, one in self._alike(name):
            if _means(name, one):
                fitting[region] = fitting.get(region, False) or one.words == name.words
        exact = [region for region, same in fitting.items() if same]
        if name.kind and len(exact) == 1:
            return Match(exact[0], how="name")
        if len(fitting) == 1:
            return Match(next(iter(fitting)), how="name")
        if fitting:
            return Match(state="ambiguous", choices=tuple(sorted(fitting)))
        return _MISSED


def _means(name: Name, known: Name) -> bool:
    """Whether a name can mean a region that has the known one."""
    shorter = name.words < known.words and name.first == known.first
    alike = not name.kind or not known.kind or name.kind == known.kind
    return alike and (shorter or name.words == known.words)


def as_text(cell: object) -> str:
    """Return a cell as text: trimmed, whole numbers without decimals, no marks that nobody sees."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 -- beyond it floats are not whole any more
    return " ".join(_INVISIBLE.sub("", str(cell)).split())


#: Control characters and marks of writing direction, which make equal texts look different.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
