"""German names of Kreise, reduced to what tells them apart: "Luebeck, Hansestadt" is Lübeck.

A name has a core (words that name the place) and perhaps a kind (city or Landkreis). Word lists
stand in ``names.toml``. For other countries the core is simply the name without case and accents.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

__all__ = ["Kind", "Name", "parse_name"]

Kind = Literal["city", "land", ""]

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_AROUND_HYPHEN = re.compile(r"\s*[-\u2010\u2011\u2013]\s*")
_BETWEEN = re.compile(r"[^a-z0-9-]+")
#: What stands behind the name: "Kiel, Landeshauptstadt", "Kassel (Stadt)".
_APPENDIX = re.compile(r"[,;]\s*(.*)$|\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes
    ----------
    words : frozenset of str
        The core, in small letters without umlauts; words joined by hyphens stay one.
    first : str
        The word that it begins with.
    kind : str
        "city", "land" or, where the name does not say, empty.
    """

    words: frozenset[str]
    first: str
    kind: Kind


@lru_cache(maxsize=65_536)
def parse_name(text: str) -> Name:
    """Take a name apart; umlauts, accents and usual abbreviations make no difference."""
    plain = _plain(text)
    head, tail = plain, ""
    for found in _APPENDIX.finditer(plain):
        said = _words(found.group(1) or found.group(2) or "")
        if _kind(said):
            head = plain[: found.start()] + " " + plain[found.end() :]
            tail = found.group(1) or found.group(2) or ""
            break
    kind = _kind(_words(tail)) or _kind(_words(head))
    lists = _lists()
    core = [word for word in _words(head) if word not in lists["kinds"]]
    core = [lists["abbreviations"].get(word, word) for word in core]
    core = [_short(word) for word in core if word not in lists["fill"]]
    return Name(frozenset(core), core[0] if core else "", kind)


def _short(word: str) -> str:
    """Rhein-Neckar and Rhein-Neckar-Kreis are the same; Ilm alone is a river."""
    short = word.removesuffix("-kreis")
    return short if "-" in short else word


def _plain(text: str) -> str:
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(one)
    )
    return _AROUND_HYPHEN.sub("-", bare.replace("\xad", ""))


def _words(plain: str) -> list[str]:
    return [word for word in _BETWEEN.split(plain) if word.strip("-")]


def _kind(words: list[str]) -> Kind:
    """City or Landkreis; a city first, since "kreisfreie Stadt" and "Stadtkreis" hold both."""
    lists = _lists()
    if any(lists["kinds"].get(word) == "city" for word in words):
        return "city"
    return "land" if any(lists["kinds"].get(word) == "land" for word in words) else ""


@cache
def _lists() -> dict[str, Any]:
    path = Path(__file__).with_suffix(".toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = {word: kind for kind in ("city", "land") for word in content[kind]}
    return {
        "kinds": kinds,
        "fill": frozenset(content["fill"]),
        "abbreviations": content["abbreviations"],
    }
