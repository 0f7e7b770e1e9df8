"""The document with which every page begins: in the reader's language, and never blank.

Streamlit's own is in English, is called Streamlit and shows nothing until 3 MB of code have been
loaded and run, which takes seconds on an old machine. Its page takes the place of these words.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from views.i18n import LANGUAGES, Language
from views.i18n import words as words_of
from views.server.places import kind_of
from views.server.statics import Answer, collected, takes_gzip

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Doorway"]

#: What is exchanged, as it stands in Streamlit's document.
_LANGUAGE, _TITLE, _ROOT = '<html lang="en">', "<title>Streamlit</title>", '<div id="root"></div>'
_NO_SCRIPT = ("<noscript>", "</noscript>")
#: Colours are those of ``.streamlit/config.toml``.
_STYLE = """
.arriving { font: 15px/1.5 sans-serif; margin: 0; min-height: 100vh; padding: 15vh 1.5rem 0;
  box-sizing: border-box; text-align: center; color: #22262a; background: #fdfcfa }
.arriving h1 { font: 600 1.9rem/1.3 serif; margin: 0 0 .5rem }
@media (prefers-color-scheme: dark) { .arriving { color: #e8e6e1; background: #15181b } }
"""
_WELL = 200


class Doorway:
    """ASGI middleware: rewrites Streamlit's document.

    Parameters
    ----------
    home : str
        Path of the home page.
    """

    def __init__(self, app: ASGIApp, home: str) -> None:
        self.app, self.home = app, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite documents, pass on all else."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or kind_of(scope["path"], self.home) != "page"
        ):
            await self.app(scope, receive, send)
            return
        headers = [one for one in scope["headers"] if not one[0].lower().startswith(b"if-")]
        found = await collected(self.app, {**scope, "headers": headers}, receive)
        if found.status == _WELL and _ROOT.encode() in found.body:
            found = _rewritten(found, _asked(scope))
            if takes_gzip(scope):
                found = found.packed()
        await found.send(send)


def _asked(scope: Scope) -> Language:
    """Return the language that a link names."""
    text = scope.get("query_string", b"").decode("latin-1")
    return next((one for one in LANGUAGES if f"lang={one}" in text.split("&")), LANGUAGES[0])


def _rewritten(found: Answer, language: Language) -> Answer:
    body = _document(found.body, language)
    head = {"headers": list(found.headers)}
    headers = MutableHeaders(scope=head)
    # They tell of what was before.
    for name in ("etag", "last-modified", "accept-ranges"):
        del headers[name]
    headers["content-length"] = str(len(body))
    return Answer(found.status, head["headers"], body)


@lru_cache(maxsize=8)
def _document(body: bytes, language: Language) -> bytes:
    """Return Streamlit's document with words in it; what is not found there stays as it is."""
    words = words_of(language)
    text = body.decode()
    title, coming = escape(words("app.title")), escape(words("server.arriving"))
    start, _, rest = text.partition(_NO_SCRIPT[0])
    _, closed, end = rest.partition(_NO_SCRIPT[1])
    if closed:
        text = f"{start}{end}"
    place = (
        f'<div id="root"><div class="arriving"><style>{_STYLE}</style><h1>{title}</h1>'
        f'<p role="status">{coming}</p>'
        "<noscript><style>.arriving [role=status] { display: none }</style>"
        f"<p>{escape(words('server.no_script'))}</p></noscript></div></div>"
    )
    for old, new in (
        (_LANGUAGE, f'<html lang="{language}">'), (_TITLE, f"<title>{title}</title>"),
        (_ROOT, place),
    ):  # fmt: skip
        text = text.replace(old, new, 1)
    return text.encode()
