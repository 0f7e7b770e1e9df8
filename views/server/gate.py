"""Doors of Streamlit that nobody here needs stay shut.

Files come in through the pages, never by Streamlit's upload address; programs have ``/api``; and
figures on memory and sessions are the operator's, who can open that door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from views.server.places import within

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Gate"]

_SHUT = ("_stcore/upload_file", "_stcore/agent", "_stcore/script-health-check")
_METRICS = "_stcore/metrics"


class Gate:
    """ASGI middleware: answers 404 for what the app does not offer.

    Parameters
    ----------
    home : str
        Path of the home page.
    metrics : bool
        Whether Streamlit's figures on memory and sessions may be read.
    """

    def __init__(self, app: ASGIApp, home: str, *, metrics: bool = False) -> None:
        self.app, self.home = app, home
        self.shut = _SHUT if metrics else (*_SHUT, _METRICS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is offered."""
        if scope["type"] == "http" and within(scope["path"], self.home).startswith(self.shut):
            refusal = JSONResponse(
                {"error": "this server does not offer that."}, 404, {"Cache-Control": "no-store"}
            )
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)
