"""The printed atlas: all maps of a dataset with what belongs to them, as one tagged PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from views import printing
from views.atlas import back, front, sheets
from views.atlas.markup import Markup, join, tag
from views.atlas.matter import Matter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from views.picture_words import View

__all__ = ["document", "make"]

_STYLE = Path(__file__).with_name("atlas.css")
#: Pages beside those of layers and indicators, about.
_OTHERS = 11


def make(view: View, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Return the atlas of a view's recipe, classes and language as PDF.

    Parameters
    ----------
    progress : callable, optional
        Called with the steps done and the steps there are.

    Raises
    ------
    ExportError
        If no PDF can be made on this machine.
    DatasetError
        If the dataset has no boundaries.
    """
    printing.check()
    matter = Matter(view)
    count = len(matter.layers) + len(matter.indicators)
    total = 2 * count + _OTHERS

    reached = 0

    def told(done: int) -> None:
        nonlocal reached
        # A page may be laid out again, once the numbers on it are known.
        reached = max(reached, min(done, total))
        if progress is not None:
            progress(reached, total)

    html = document(matter, told)
    return printing.to_pdf(
        html, css=_STYLE.read_text(encoding="utf-8"), progress=lambda page: told(count + page)
    )


def document(matter: Matter, progress: Callable[[int], None] = lambda _: None) -> str:
    """Return the atlas as HTML, without its stylesheet."""
    words = matter.words
    parts = [
        front.cover(matter), front.contents(matter), front.reading(matter), front.score(matter),
        front.sure(matter),
    ]  # fmt: skip
    for done, part in enumerate(_sheets(matter), start=1):
        parts.append(part)
        progress(done)
    parts += [back.sources(matter), back.method(matter)]
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("title", words("atlas.full_title")),
        tag("meta", name="author", content="Potenzialatlas"),
        tag("meta", name="description", content=words("atlas.subtitle")), _dated(matter),
    )  # fmt: skip
    return "<!DOCTYPE html>" + tag(
        "html", head, tag("body", join(parts)), lang=words.language
    )  # fmt: skip


def _sheets(matter: Matter) -> Iterator[Markup]:
    """Make each layer's overview, followed by its indicators."""
    for layer in matter.layers:
        yield sheets.layer(layer, matter)
        for one in layer.indicators:
            yield sheets.indicator(one.id, matter)


def _dated(matter: Matter) -> Markup:
    day = matter.view.date
    if day is None:
        return Markup()
    return tag("meta", name="dcterms.created", content=day.isoformat())
