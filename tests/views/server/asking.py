"""Ask an app, or a part of one, as a browser does."""

from __future__ import annotations

import asyncio

import httpx


def visit(app, path, **headers):
    """Ask for a path; no packed answer is taken unless `accept_encoding` says so."""
    asked = {"accept-encoding": "identity", **{k.replace("_", "-"): v for k, v in headers.items()}}

    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.get(path, headers=asked)

    return asyncio.run(ask())
