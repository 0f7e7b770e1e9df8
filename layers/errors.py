"""Errors that a person can act on: one root, one small subclass per kind of input."""

from __future__ import annotations

from typing import NamedTuple

from layers.plain import harmless

#: Characters of a message: what is quoted in it can be of any length.
_LONGEST = 4_000


class Notice(NamedTuple):
    """Something noticed on the way that is no error: a code for translators, and the words."""

    code: str
    message: str
    about: str = ""


class PotenzialatlasError(ValueError):
    """Root of all errors raised on bad input; the message is one line fit for a person.

    Attributes
    ----------
    code : str
        Short name of the situation, so that a page can say it in its reader's language.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        # A name with a line break in it must not tear the message apart, nor steer a terminal.
        line = " ".join(harmless(message[: 2 * _LONGEST]).splitlines())
        super().__init__(line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …")
        self.code = code


class DatasetError(PotenzialatlasError):
    """A dataset folder is missing, broken or contradicts itself."""


class RecipeError(PotenzialatlasError):
    """A recipe asks for something unknown, impossible or senseless."""


class SourceError(PotenzialatlasError):
    """A publisher's file does not look as its reader expects."""


class FetchError(SourceError):
    """A publisher's server could not be reached, or its answer is not what was asked for."""


class SelfCheckError(PotenzialatlasError):
    """A file of the self-check is damaged, foreign, or does not fit the others."""


class ExportError(PotenzialatlasError):
    """A result could not be written to the wanted place or format."""
