"""Words of the field in both languages: a table for readers, and tips at the words themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.common import content_of, say, table

if TYPE_CHECKING:
    from views.i18n import Language

__all__ = ["glossary", "tooltips"]


def glossary(language: Language, _rest: str) -> str:
    """All terms in the order of the reader's alphabet, with the term of the other language."""
    other = "en" if language == "de" else "de"
    terms: list[dict[str, str]] = list(content_of("glossary").values())
    rows = [(one[language], one[other], one[f"{language}_means"]) for one in terms]
    head = [say(key, language) for key in ("term", "other_term", "meaning")]
    return table(head, sorted(rows, key=lambda row: row[0].casefold()))


def tooltips(language: Language) -> str:
    """Explanations that appear at the words marked for it, on every page."""
    return "\n".join(
        f"*[{one[language]}]: {one[f'{language}_means']}"
        for one in content_of("glossary").values()
        if one.get("tip")
    )
