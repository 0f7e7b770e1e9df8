"""Several people's weightings: how they are kept, and how a link remembers them.

A voice is a name with weights, directions and the grouping they are for. Selection and method are
no part of it: they are those of the page, the same for all, so that nothing but the weights makes
the difference. Somebody who is not to be named has a number instead.

In a link the voices stand in one text, joined by ``~``: a preset by its key, another one as its
name, ``!!`` and its weights in the form of `layers.query`, joined by ``!``
(``Anna!!w.housing=3!w.services=0``); in place of a name stands ``#3`` for the third person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from layers.catalogue import Text
from layers.errors import RecipeError
from layers.plain import plain
from layers.query import from_query, to_query
from layers.recipe import MOST_MEMBERS, Recipe
from layers.seen import seen
from layers.study.group import layer_shares
from layers.study.group_recipe import as_people, members_of, nameless

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = [
    "MANY", "MOST", "Voice", "added", "all_added", "example", "read_voices", "titles", "unnamed",
    "voices_of", "write_voices",
]  # fmt: skip

#: As many weightings can be read side by side in one table; of more a summary is shown.
MOST = 12
#: As many can be compared at all.
MANY = MOST_MEMBERS
#: Characters that a link keeps free for them; longer addresses break in mails.
_ROOM = 1_500
_NAME_LENGTH = 80
_BETWEEN, _WITHIN, _NONE, _NUMBER = "~", "!", "-", "#"
#: Presets that show what the page does before anybody has added a weighting.
_EXAMPLE = 4


@dataclass(frozen=True)
class Voice:
    """One weighting.

    Attributes
    ----------
    key : str
        Tells it from the others: the key of a preset, or its name or number with a mark before it.
    recipe : Recipe
        Name, weights, directions and lens; nothing else of it counts.
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
        short = _plain(name)
        return cls(_WITHIN + short, _only_weights(recipe, Text(de=short, en=short)))

    @classmethod
    def numbered(cls, number: int, recipe: Recipe) -> Voice:
        """Return the weighting of somebody who is not to be named as a voice."""
        return cls(f"{_NUMBER}{number}", _only_weights(recipe, Text(de="", en="")))

    @property
    def is_preset(self) -> bool:
        """Whether it is one of the presets."""
        return not self.key.startswith((_WITHIN, _NUMBER))

    @property
    def number(self) -> int | None:
        """Number of somebody who is not named."""
        return int(self.key[1:]) if self.key.startswith(_NUMBER) else None

    def title(self, words: Words) -> str:
        """Name in the reader's language."""
        if self.number is not None:
            return words("weightings.person", number=self.number)
        return words.of(self.recipe.name)


def _plain(name: str) -> str:
    """Name of one line, without signs that cannot be seen and without links."""
    return plain(name, _NAME_LENGTH)


def _only_weights(recipe: Recipe, name: Text) -> Recipe:
    return Recipe(
        name=name, weights=recipe.weights, directions=recipe.directions, lens=recipe.lens
    )  # fmt: skip


def example(presets: Mapping[str, Recipe]) -> tuple[Voice, ...]:
    """Return the voices that stand there before anybody has added one."""
    return tuple(Voice.of_preset(key, presets[key]) for key in list(presets)[:_EXAMPLE])


def titles(voices: Sequence[Voice], words: Words) -> dict[str, str]:
    """Return the names by key; one that another voice has already gets a number."""
    found: dict[str, str] = {}
    for voice in voices:
        plain, number = voice.title(words), 1
        name = plain
        while name in found.values():
            number += 1
            name = f"{plain} ({number})"
        found[voice.key] = name
    return found


def added(voices: Sequence[Voice], voice: Voice, dataset: Dataset) -> tuple[Voice, ...]:
    """Add a voice, or put it in the place of the one that has its key.

    Raises
    ------
    RecipeError
        If it has no weight at all, names what the dataset lacks, or there are too many.
    """
    layer_shares(seen(dataset, voice.recipe).catalogue, voice.recipe)
    if any(one.key == voice.key for one in voices):
        return tuple(voice if one.key == voice.key else one for one in voices)
    if len(voices) >= MANY:
        msg = f"weightings: there are {MANY} already; remove one first."
        raise RecipeError(msg, code="too_many")
    return (*voices, voice)


def all_added(
    voices: Sequence[Voice], more: Sequence[Voice], dataset: Dataset
) -> tuple[Voice, ...]:
    """Add several people at once; whoever has a name or number that is taken gets a new one.

    Raises
    ------
    RecipeError
        As `added`; then none of them is there.
    """
    found = tuple(voices)
    for voice in more:
        found = added(found, _own_key(voice, found), dataset)
    return found


def _own_key(voice: Voice, voices: Sequence[Voice]) -> Voice:
    taken = {one.key for one in voices}
    if voice.key not in taken:
        return voice
    if voice.number is not None:
        return Voice.numbered(_next_number(voices), voice.recipe)
    name, number = voice.recipe.name.de, 2
    while _WITHIN + f"{name} ({number})" in taken:
        number += 1
    return Voice.named(f"{name} ({number})", voice.recipe)


def _next_number(voices: Sequence[Voice]) -> int:
    return max((one.number or 0 for one in voices), default=0) + 1


def voices_of(recipe: Recipe, name: str) -> tuple[Voice, ...]:
    """Return the people that a recipe stands for; one without members is called `name`."""
    if not recipe.members:
        return (Voice.named(name, recipe),)
    return tuple(
        Voice.named(one.name.de, one) if one.name.de else Voice.numbered(place, one)
        for place, one in enumerate(as_people(recipe), start=1)
    )


def unnamed(voices: Sequence[Voice]) -> tuple[Voice, ...]:
    """Take the names from all who are no preset, and with them the order in which they came.

    Presets stay in front; behind them stand the others as `layers.study.group_recipe.nameless`
    puts them.
    """
    presets = tuple(voice for voice in voices if voice.is_preset)
    members = members_of(voice.recipe for voice in voices if not voice.is_preset)
    hidden = as_people(Recipe(members=nameless(members))) if members else ()
    people = (Voice.numbered(place, one) for place, one in enumerate(hidden, start=1))
    return (*presets, *people)


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
    text: str, presets: Mapping[str, Recipe], dataset: Dataset
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
            voices = added(voices, _read(entry, presets), dataset)
        except RecipeError:
            damaged += 1
    return voices, damaged


def _written(voice: Voice) -> str:
    recipe = voice.recipe
    plain = Recipe(weights=recipe.weights, directions=recipe.directions, lens=recipe.lens)
    name = quote(recipe.name.de, safe=" ").replace(_BETWEEN, "%7E")
    fields = _WITHIN.join(f"{key}={value}" for key, value in to_query(plain).items())
    return (name if voice.number is None else voice.key) + _WITHIN * 2 + fields


def _read(entry: str, presets: Mapping[str, Recipe]) -> Voice:
    if entry in presets:
        return Voice.of_preset(entry, presets[entry])
    name, own, fields = entry.partition(_WITHIN * 2)
    if not own or not _plain(unquote(name)):
        msg = f"link: '{entry:.60}' is neither a preset nor a name with weights."
        raise RecipeError(msg)
    pairs = (one.partition("=") for one in fields.split(_WITHIN) if one)
    recipe = from_query({key: value for key, _, value in pairs})
    # A name that begins so is written with the sign escaped.
    if re.fullmatch(rf"{_NUMBER}[1-9][0-9]{{0,3}}", name):
        return Voice.numbered(int(name[1:]), recipe)
    return Voice.named(unquote(name), recipe)
