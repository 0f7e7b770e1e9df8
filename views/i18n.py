"""Words and numbers in the reader's language: texts/de.toml, texts/en.toml, and babel's formats."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from layers.catalogue import Text

__all__ = ["LANGUAGES", "Language", "Words", "words"]

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
_TEXTS = Path(__file__).with_name("texts")
_LOCALES = {"de": "de_DE", "en": "en_GB"}
#: Stands where there is no number.
GAP = "–"


@dataclass(frozen=True)
class Words:
    """All texts of one language, and its way to write numbers."""

    language: Language
    texts: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with its placeholders filled."""
        return self.texts[key].format(**values)

    def raw(self, key: str) -> str:
        """Return the text of `key` with its placeholders left open, to be filled elsewhere."""
        return self.texts[key]

    @property
    def locale(self) -> str:
        """Name of the locale as browsers spell it."""
        return _LOCALES[self.language].replace("_", "-")

    def of(self, text: Text) -> str:
        """Return a catalogue text in this language."""
        return text[self.language]

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number with a fixed number of decimals, as the language does."""
        if value is None or not math.isfinite(value):
            return GAP
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, pattern, locale=_LOCALES[self.language])

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1 as a percentage."""
        if not math.isfinite(share):
            return GAP
        pattern = "0" + ("." + "0" * decimals if decimals else "") + " %"
        return format_percent(share, pattern, locale=_LOCALES[self.language])


@cache
def words(language: Language) -> Words:
    """Texts of `language`."""
    table = tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    flat = {f"{part}.{key}": text for part, entry in table.items() for key, text in entry.items()}
    return Words(language, flat)
