"""From HTML to PDF for print: tagged, with its fonts in it, the same bytes for the same content.

Pages are laid out by weasyprint, which needs the Pango library of the machine. Fonts are those that
matplotlib carries, so that lines break alike on every machine. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FONT", "check", "font_css", "to_pdf"]

#: The family that `font_css` declares, in four styles.
FONT = "DejaVu Sans"
#: Debian packages that hold what weasyprint needs.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
_FACES = {
    "DejaVuSans.ttf": "",
    "DejaVuSans-Bold.ttf": "font-weight: bold;",
    "DejaVuSans-Oblique.ttf": "font-style: italic;",
    "DejaVuSans-BoldOblique.ttf": "font-weight: bold; font-style: italic;",
}
#: Universally accessible PDF (ISO 14289-1): tags, language, title.
_VARIANT = "pdf/ua-1"
_kept = threading.local()


def to_pdf(
    html: str, *, css: str = "", progress: Callable[[int], None] | None = None
) -> bytes:  # fmt: skip
    """Lay out a document for print.

    For a good outline and for those who listen to it, `html` has a ``lang``, a ``title``, headings
    in order (they become bookmarks), and an ``alt`` on each image. An inline SVG is read as its
    first ``title``.

    Parameters
    ----------
    html : str
        A whole document; images as ``data:`` addresses or inline SVG.
    css : str
        Stylesheet; comes after the fonts (`font_css`) and before that of `html`.
    progress : callable, optional
        Called with the number of each page that was laid out.

    Raises
    ------
    ExportError
        If Pango cannot be loaded.
    """
    weasyprint = _weasyprint()
    fonts, faces = _fonts()
    with _told(progress):
        own = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=_fetcher())
        document = weasyprint.HTML(string=html, url_fetcher=_fetcher())
        pdf: bytes = document.write_pdf(
            stylesheets=[faces, own], font_config=fonts, pdf_variant=_VARIANT
        )  # fmt: skip
    return pdf


def check() -> None:
    """Raise ExportError if no PDF can be made here, before any work is done for one."""
    _weasyprint()


@cache
def font_css() -> str:
    """Declare the fonts, as files of this machine."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return "\n".join(
        f'@font-face {{ font-family: "{FONT}"; src: url("{(folder / name).as_uri()}"); {style} }}'
        for name, style in _FACES.items()
    )


def _weasyprint() -> Any:
    """Import weasyprint, which loads Pango."""
    try:
        import weasyprint
    except OSError as cause:
        msg = (
            "PDF: the library Pango cannot be loaded; install it, on Debian by "
            f"apt install {' '.join(PACKAGES)}, or choose another format."
        )
        raise ExportError(msg) from cause
    return weasyprint


def _fonts() -> tuple[Any, Any]:
    """Fonts as weasyprint wants them; kept, since to read them takes longer than a short page.

    Every thread has its own, because Pango's font maps must not be shared.
    """
    if not hasattr(_kept, "fonts"):
        weasyprint = _weasyprint()
        fonts = weasyprint.text.fonts.FontConfiguration()
        faces = weasyprint.CSS(string=font_css(), font_config=fonts, url_fetcher=_fetcher())
        _kept.fonts = fonts, faces
    pair: tuple[Any, Any] = _kept.fonts
    return pair


@atexit.register
def _forget() -> None:
    """Give up the fonts while the code that removes their temporary files still stands."""
    _kept.__dict__.clear()


@cache
def _fetcher() -> Any:
    """Return a fetcher that reads fonts of this machine and data addresses, nothing else."""
    return _weasyprint().urls.URLFetcher(allowed_protocols=("file", "data"))


@contextmanager
def _told(progress: Callable[[int], None] | None) -> Iterator[None]:
    """Pass on which page is being laid out; weasyprint says so in its log alone."""
    if progress is None:
        yield
        return
    log = logging.getLogger("weasyprint.progress")
    listener, before = _Listener(progress), (log.level, log.propagate)
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(listener)
        level, log.propagate = before
        log.setLevel(level)


class _Listener(logging.Handler):
    def __init__(self, progress: Callable[[int], None]) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Read the number of the page out of a line such as "Creating layout - Page 3"."""
        if found := re.search(r"Page (\d+)$", record.getMessage()):
            self._progress(int(found.group(1)))
