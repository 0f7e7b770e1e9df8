"""Files that somebody takes stay long enough to be fetched, whatever others do meanwhile.

A file is made when its button is pressed; the browser is then told an address and fetches it.
Streamlit throws away what no page names, after every run of anybody's page, and no page names a
file made so: where many people are at work, it is gone before it can be fetched (404). And while a
page is drawn anew, Streamlit counts none of its buttons, so that one still in sight cannot be
pressed ("Failed to generate file for download").
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.media_file_storage import MediaFileStorage

__all__ = ["Lasting", "let_files_last"]

#: Seconds between two looks for files that nobody needs; a file goes at the second look.
SECONDS = 30.0
#: What `Lasting` takes from Streamlit's keeper, which is not part of what it promises.
_RESTS_ON = (
    "_storage", "_lock", "_files_by_session_and_coord", "_remove_orphaned_deferred_callables",
)  # fmt: skip


class Lasting(MediaFileManager):
    """Streamlit's keeper of files, with two changes.

    A made file can be fetched for at least `SECONDS`. The buttons of a session's page count until
    its next page is drawn; what they would make files from is kept no longer than that.
    """

    def __init__(self, storage: MediaFileStorage) -> None:
        super().__init__(storage)
        self._looked = time.monotonic()

    def clear_session_refs(self, session_id: str | None = None) -> None:
        """Forget what a session's page names; when a run begins, remember it until it ends."""
        running = _running() if session_id is None else None
        with self._lock:
            named = self._files_by_session_and_coord
            if running is None:
                named.pop(_before(session_id or ""), None)
            else:
                named[_before(running)] = dict(named.get(running, {}))
        super().clear_session_refs(session_id)

    def remove_orphaned_files(self) -> None:
        """Throw away what is not needed: files now and then, all else at once."""
        now = time.monotonic()
        with self._lock:
            if (running := _running()) is not None:
                self._files_by_session_and_coord.pop(_before(running), None)
            due = now - self._looked >= SECONDS
            if due:
                self._looked = now
            else:
                self._remove_orphaned_deferred_callables()
        if due:
            super().remove_orphaned_files()


def let_files_last() -> None:
    """Put `Lasting` in the place of Streamlit's own keeper, before anybody comes.

    Streamlit has no setting for it. Where a later version names its parts otherwise, its own stays.
    """
    if not runtime.exists():
        return
    own = runtime.get_instance()
    if all(hasattr(own.media_file_mgr, one) for one in _RESTS_ON):
        own._media_file_mgr = Lasting(own.media_file_mgr._storage)  # noqa: SLF001


def _before(session: str) -> str:
    """Name under which the page before the present one of a session names its files."""
    return f"before {session}"


def _running() -> str | None:
    """Return the session whose page is being drawn in this thread."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
