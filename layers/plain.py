"""Text that people hand in, made fit to stand anywhere: on a page, in a file, on a terminal.

Nothing that is read is lost; what goes are signs that nobody sees and that do something instead:
control characters, halves of characters, and marks that turn the direction of the writing.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["harmless", "one_line", "plain", "unmarked", "visible"]

#: Control characters but for tab and line feed, halves of characters, marks of direction, and
#: places that are no characters. XML can hold none of the first, and no file any of the second.
_HARM = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]|\\s")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: Categories of signs that no name needs: control, format, halves, private and unassigned.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: Marks that one letter may carry, as in the stream-safe form of Unicode (UAX #15, 13): putting a
#: longer row in order takes time with the square of its length.
_MARKS = 30
_LONGEST = 80
#: Characters that mark up text somewhere: names are shown as plain text everywhere.
_MARKUP = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "{": "(", "}": ")", "*": "∗", "`": "'", "|": "/",
     "\\": "/", "$": "＄", "~": "∼", '"': "”"}
)  # fmt: skip
#: Those of them that Markdown knows.
_MARKDOWN = {key: sign for key, sign in _MARKUP.items() if chr(key) not in '{}"'}
#: What a page makes a link of without being asked, each with a sign that looks alike.
_ADDRESS = (
    (re.compile(r":(?=//)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE), "∶"),
    (re.compile(r"(?<=www)\.", re.IGNORECASE), "․"),
    # Not that of a dataset and its version, as in kreise@2026.3.
    (re.compile(r"(?<=\w)@(?=[\w.-]*\.[^\W\d])"), "＠"),
)


def harmless(text: str) -> str:
    """Return text without signs that do harm unseen; line breaks and everything else stay."""
    if text.isprintable():
        return text
    return _HARM.sub("", _BREAK.sub("\n", text))


def visible(text: str) -> str:
    """Return text in one spelling, without signs that nobody sees; line breaks stay."""
    # First out with the unseen: a mark that follows one belongs to the letter before it.
    seen = "".join(
        one for one in _BREAK.sub("\n", text)
        if one == "\n" or unicodedata.category(one) not in _UNSEEN
    )  # fmt: skip
    return unicodedata.normalize("NFC", _stream_safe(seen)).strip()


def one_line(text: str) -> str:
    """Return `visible` text on one line, with single blanks."""
    return " ".join(visible(_CONTROL.sub(" ", text)).split())


def unmarked(text: str) -> str:
    """Return text that Markdown shows as it stands, and that reads the same anywhere else."""
    return text.translate(_MARKDOWN)


def plain(text: str, longest: int = _LONGEST, *, addresses: bool = False) -> str:
    """Return text that can stand anywhere: no markup and nothing unseen, on one line.

    Parameters
    ----------
    longest : int
        Characters after which it is cut.
    addresses : bool
        Whether web addresses stay as they are, for places that are never shown as Markdown; else
        they are spelt so that they read the same and no page makes a link of them.
    """
    # What comes later than this cannot stand in front after blanks are joined, as far as people
    # write; and text of any length costs no more than a name.
    kept = one_line(text[: 20 * longest]).translate(_MARKUP)
    for pattern, sign in () if addresses else _ADDRESS:
        kept = pattern.sub(sign, kept)
    return kept[:longest].strip()


def _stream_safe(text: str) -> str:
    """Leave out what a letter carries beyond `_MARKS`."""
    if text.isascii():
        return text
    kept, row = [], 0
    for one in text:
        row = row + 1 if unicodedata.combining(one) else 0
        if row <= _MARKS:
            kept.append(one)
    return "".join(kept)
