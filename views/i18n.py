"""Words and numbers in the reader's language: texts/de, texts/en, and babel's formats.

A page may have a file of its own there; each section stands in one file only.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from babel import Locale
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

from layers.plain import plain, unmarked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.catalogue import Text

__all__ = ["LANGUAGES", "Language", "Words", "prose", "speak_of", "words"]

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
_TEXTS = Path(__file__).with_name("texts")
_LOCALES = {"de": Locale("de", "DE"), "en": Locale("en", "GB")}
#: Sign behind a percentage; no line breaks before it.
_PERCENT = {"de": "\N{NO-BREAK SPACE}%", "en": "%"}
#: Whole numbers from here on take separators of thousands in a text.
_LONG = 10_000
#: Characters of an error within a text.
_LONGEST_ERROR = 600
#: Stands where there is no number.
GAP = "–"
#: Below this, a product of floats is right to a millionth; so far from a half no doubt is left.
_EXACT_HALVES, _NO_HALF = 1e8, 0.5 - 1e-6
#: Enough digits for any float.
_EXACT = Context(prec=350)


@dataclass(frozen=True)
class Words:
    """All texts of one language, and its way to write numbers."""

    language: Language
    texts: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with its placeholders filled.

        Whole numbers from ten thousand on are written as the language does; years are smaller.
        """
        for name, one in values.items():
            if isinstance(one, int) and one >= _LONG:
                values[name] = self.number(one)
            elif isinstance(one, Exception):
                # An error quotes what somebody handed in.
                values[name] = plain(str(one), _LONGEST_ERROR)
        return self.texts[key].format(**values)

    def whole(self, number: int) -> str:
        """Write a whole number as texts do: from ten thousand on as the language does."""
        return self.number(number) if number >= _LONG else str(number)

    def raw(self, key: str) -> str:
        """Return the text of `key` with its placeholders left open, to be filled elsewhere."""
        return self.texts[key]

    @property
    def locale(self) -> str:
        """Name of the locale as browsers spell it."""
        return str(_LOCALES[self.language]).replace("_", "-")

    def of(self, text: Text) -> str:
        """Return a catalogue text in this language, with no sign that marks it up on a page.

        Whoever made the dataset wrote it, and pages are written in Markdown.
        """
        return unmarked(text[self.language])

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number with a fixed number of decimals, as the language does."""
        if value is None or not math.isfinite(value):
            return GAP
        return _written(value, decimals, self.language)

    def numbers(self, values: NDArray[np.float64], decimals: int = 0) -> list[str]:
        """Write many numbers, each as `number` does; ten times as fast.

        Parameters
        ----------
        values : array, shape (n,)
            NaN and infinite ones are gaps.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = values * 10.0**decimals
            whole = np.rint(scaled)
            # Of a half, the digits as they are written decide, which a product does not have.
            plain = (np.abs(scaled) < _EXACT_HALVES) & (np.abs(scaled - whole) < _NO_HALF)
        return [
            _steps(int(one), decimals, self.language) if known else self.number(value, decimals)
            for one, known, value in zip(
                whole.tolist(), plain.tolist(), values.tolist(), strict=True
            )
        ]

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1 as a percentage."""
        if not math.isfinite(share):
            return GAP
        return _share(share, decimals, self.language)

    def signed(self, value: float, decimals: int = 0) -> str:
        """Write a difference with its sign; what rounds to nought has none."""
        return _with_sign(value, self.number(abs(value), decimals))

    def signed_percent(self, share: float, decimals: int = 0) -> str:
        """Write a difference of shares of 1 as a percentage with its sign."""
        return _with_sign(share, self.percent(abs(share), decimals))


def _with_sign(value: float, written: str) -> str:
    if not any(digit in written for digit in "123456789"):
        return written
    return ("+" if value > 0 else "\N{MINUS SIGN}") + written


def _rounded(value: float, decimals: int) -> Decimal:
    """Round half to even, as babel does; minus nought is nought."""
    return Decimal(str(value)).quantize(_last_digit(decimals), context=_EXACT) + 0


@cache
def _last_digit(decimals: int) -> Decimal:
    return Decimal((0, (1,), -decimals))


# A page writes thousands of numbers in every run; most are those of the run before.
@lru_cache(maxsize=32_768)
def _written(value: float, decimals: int, language: Language) -> str:
    return _number(_rounded(value, decimals), decimals, language)


# Once they are rounded, there are few different ones.
@lru_cache(maxsize=16_384)
def _number(value: Decimal, decimals: int, language: Language) -> str:
    with localcontext(_EXACT):
        return format_decimal(value, _pattern("#,##0", decimals), locale=_LOCALES[language])


@lru_cache(maxsize=16_384)
def _steps(count: int, decimals: int, language: Language) -> str:
    """Write so many steps of the last decimal."""
    return _number(Decimal(count).scaleb(-decimals), decimals, language)


@lru_cache(maxsize=16_384)
def _share(share: float, decimals: int, language: Language) -> str:
    return _percent(_rounded(share, decimals + 2), decimals, language)


@lru_cache(maxsize=4_096)
def _percent(share: Decimal, decimals: int, language: Language) -> str:
    pattern = _pattern("0", decimals, _PERCENT[language])
    with localcontext(_EXACT):
        return format_percent(share, pattern, locale=_LOCALES[language])


@cache
def _pattern(whole: str, decimals: int, unit: str = "") -> NumberPattern:
    """Pattern of a number, kept: to read it takes six times as long as to write a number by it."""
    return parse_pattern(whole + ("." + "0" * decimals if decimals else "") + unit)


class _Regions:
    """What the texts of this process call a region; one process shows one dataset."""

    level = ""


def speak_of(level: str) -> None:
    """Let all texts from here on speak of regions of `level`, as a dataset names it.

    Texts speak of Kreise. Those that would be wrong for another level stand a second time in
    ``texts/LANGUAGE/levels/LEVEL.toml``; a level without such a file keeps the usual ones.
    """
    _Regions.level = level


def words(language: Language) -> Words:
    """Texts of `language`, for the regions that were spoken of last (see `speak_of`)."""
    return _words(language, _Regions.level)


@cache
def _words(language: Language, level: str) -> Words:
    flat: dict[str, str] = {}
    paths = sorted((_TEXTS / language).glob("*.toml"))
    own = _TEXTS / language / "levels" / f"{level}.toml"
    for path in [*paths, own] if level.isalnum() and own.is_file() else paths:
        for section, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            flat |= {f"{section}.{key}": text for key, text in texts.items()}
    return Words(language, flat)


def prose(name: str, language: Language) -> str:
    """Longer text in Markdown; what is to be said of the level of the regions alone goes first."""
    folder = _TEXTS / language
    own = folder / "levels" / f"{_Regions.level}_{name}.md"
    paths = [folder / f"{name}.md"]
    if _Regions.level.isalnum() and own.is_file():
        paths.insert(0, own)
    return "\n\n".join(path.read_text(encoding="utf-8") for path in paths)
