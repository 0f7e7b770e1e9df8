"""The lines that show an embed on another page."""

from __future__ import annotations

import hashlib
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from views.embed.build import Embed
    from views.i18n import Words

__all__ = ["MOST", "frame", "plain_snippet", "snippet"]

#: CSS pixels that a frame is never made higher than, whatever it asks for.
MOST = 6_000

# Only the frame of these lines is listened to: it is known by its window. A sandboxed frame has no
# site of its own, so that its origin is "null"; a message from anywhere else is none of ours.
_SCRIPT = """<script>
addEventListener("message", (event) => {{
  const frame = document.getElementById("{name}");
  if (!frame || event.source !== frame.contentWindow || event.origin !== "null") return;
  const height = event.data?.potenzialatlas?.height;
  if (height > 0 && height < {most}) frame.height = Math.ceil(height);
}});
</script>"""


def snippet(embed: Embed, source: str, words: Words, *, way_back: str = "") -> str:
    """Return a frame that takes the height of its content.

    Parameters
    ----------
    source : str
        Address of the embed's page, or of the file where it will lie.
    way_back : str
        Address of the same view in an app; a link to it stands below the frame, since a page in a
        sandbox may not open another.
    """
    name = _name(source)
    lines = [frame(embed, source, words, height=embed.height, name=name)]
    lines += _link(way_back, words)
    lines.append(_SCRIPT.format(name=name, most=MOST))
    return "\n".join(lines)


def plain_snippet(embed: Embed, source: str, words: Words, *, way_back: str = "") -> str:
    """Return a frame of fixed height, for pages that allow no scripts."""
    return "\n".join([frame(embed, source, words, height=embed.height), *_link(way_back, words)])


def frame(
    embed: Embed, source: str, words: Words, *, height: int, width: int | None = None,
    name: str = "",
) -> str:  # fmt: skip
    """Return the frame alone; without a width it is as wide as the page allows."""
    title = escape(words("embedding.frame", title=embed.title))
    known = f' id="{name}"' if name else ""
    wide = "100%" if width is None else str(width)
    return (
        f'<iframe{known} src="{escape(source)}" title="{title}" aria-label="{title}" '
        f'width="{wide}" height="{height}" loading="lazy" sandbox="allow-scripts" '
        'style="border:0"></iframe>'
    )


def _link(way_back: str, words: Words) -> list[str]:
    if not way_back:
        return []
    return [f'<p><a href="{escape(way_back)}">{escape(words("embed.way_back"))}</a></p>']


def _name(source: str) -> str:
    """Name of the frame: another one for every embed of a page."""
    return f"potenzialatlas-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
