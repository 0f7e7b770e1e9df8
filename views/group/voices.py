"""Several people's weightings: how they are kept, and how a link remembers them.

A voice is a name with weights and directions. Selection and method are no part of it: they are
those of the page, the same for all, so that nothing but the weights makes the difference.

In a link the voices stand in one text, joined by ``~``: a preset by its key, another one as its
name, ``!!`` and its weights in the form of `layers.query`, joined by ``!``
(``Anna!!w.housing=3!w.services=0``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from layers.catalogue import Text
from layers.errors import RecipeError
from layers.query import from_query, to_query
from layers.recipe import Recipe
from layers.study.group import layer_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.catalogue import Catalogue
    from views.i18n import Words

__all__ = ["MOST", "Voice", "added", "example", "read_voices", "titles", "write_voices"]

#: As many weightings can be read side by side in one table.
MOST = 12
#: Characters that a link keeps free for them; longer addresses break in mails.
_ROOM = 1_500
_NAME_LENGTH = 80
_BETWEEN, _WITHIN, _NONE = "~", "!", "-"
#: Presets that show what the page does before anybody has added a weighting.
_EXAMPLE = 4


@dataclass(frozen=True)
class Voice:
    """One weighting.

    Attributes
    ----------
    key : str
        Tells it from the others: the key of a preset, or its name with a mark before it.
    recipe : Recipe
        Name, weights and directions; nothing else of it counts.
    """

    key: str
    recipe: Recipe

    @classmethod
    def of_preset(cls, key: str, preset: Recipe) -> Voice:
        """Return a preset as a voice."""
        return cls(key, _only_weights(preset, preset.name))

    @classmethod
    def named(cls, name: str, recipe: Recipe) -> Voice:
        """Return somebody's own weighting as a voice."""
        short = " ".join(name.split())[:_NAME_LENGTH]
        return cls(_WITHIN + short, _only_weights(recipe, Text(de=short, en=short)))

    @property
    def is_preset(self) -> bool:
        """Whether it is one of the presets."""
        return not self.key.startswith(_WITHIN)

    def title(self, words: Words) -> str:
        """Name in the reader's language."""
        return words.of(self.recipe.name)


def _only_weights(recipe: Recipe, name: Text) -> Recipe:
    return Recipe(name=name, weights=recipe.weights, directions=recipe.directions)


def example(presets: Mapping[str, Recipe]) -> tuple[Voice, ...]:
    """Return the voices that stand there before anybody has added one."""
    return tuple(Voice.of_preset(key, presets[key]) for key in list(presets)[:_EXAMPLE])


def titles(voices: Sequence[Voice], words: Words) -> dict[str, str]:
    """Return the names by key; one that another voice has already gets a number."""
    found: dict[str, str] = {}
    for voice in voices:
        name, number = voice.title(words), 1
        while name in found.values():
            number += 1
            name = f"{voice.title(words)} ({number})"
        found[voice.key] = name
    return found


def added(voices: Sequence[Voice], voice: Voice, catalogue: Catalogue) -> tuple[Voice, ...]:
    """Add a voice, or put it in the place of the one that has its key.

    Raises
    ------
    RecipeError
        If it has no weight at all, names what the catalogue lacks, or there are too many.
    """
    layer_shares(catalogue, voice.recipe)
    if any(one.key == voice.key for one in voices):
        return tuple(voice if one.key == voice.key else one for one in voices)
    if len(voices) >= MOST:
        msg = f"weightings: there are {MOST} already; remove one first."
        raise RecipeError(msg, code="too_many")
    return (*voices, voice)


def write_voices(
    voices: Sequence[Voice], presets: Mapping[str, Recipe]
) -> tuple[str, tuple[Voice, ...]]:
    """Return the text that a link keeps, and the voices that have no room in it.

    The text is empty for the example, which stands there without any link.
    """
    if tuple(voices) == example(presets):
        return "", ()
    texts: list[str] = []
    left_out: list[Voice] = []
    for voice in voices:
        text = voice.key if voice.is_preset else _written(voice)
        if len(_BETWEEN.join([*texts, text])) <= _ROOM:
            texts.append(text)
        else:
            left_out.append(voice)
    return _BETWEEN.join(texts) or _NONE, tuple(left_out)


def read_voices(
    text: str, presets: Mapping[str, Recipe], catalogue: Catalogue
) -> tuple[tuple[Voice, ...], int]:
    """Read the text of a link.

    Returns
    -------
    (tuple of Voice, int)
        The voices, and how many entries were damaged and left out.
    """
    if not text:
        return example(presets), 0
    voices: tuple[Voice, ...] = ()
    damaged = 0
    for entry in text.split(_BETWEEN) if text != _NONE else ():
        try:
            voices = added(voices, _read(entry, presets), catalogue)
        except RecipeError:
            damaged += 1
    return voices, damaged


def _written(voice: Voice) -> str:
    recipe = voice.recipe
    fields = to_query(Recipe(weights=recipe.weights, directions=recipe.directions))
    name = quote(recipe.name.de, safe=" ").replace(_BETWEEN, "%7E")
    return name + _WITHIN * 2 + _WITHIN.join(f"{key}={value}" for key, value in fields.items())


def _read(entry: str, presets: Mapping[str, Recipe]) -> Voice:
    if entry in presets:
        return Voice.of_preset(entry, presets[entry])
    name, own, fields = entry.partition(_WITHIN * 2)
    if not own or not unquote(name).strip():
        msg = f"link: '{entry:.60}' is neither a preset nor a name with weights."
        raise RecipeError(msg)
    pairs = (one.partition("=") for one in fields.split(_WITHIN) if one)
    return Voice.named(unquote(name), from_query({key: value for key, _, value in pairs}))
