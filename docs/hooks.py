"""Steps of the build of the site: made pieces, pictures of the app, and the search by language.

mkdocs calls these functions; what they put in comes from `handbook`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from handbook import fill, tooltips

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from views.i18n import Language

VIEWS = Path(__file__).resolve().parents[1] / "views"
#: Folder of the pages in the other language, and where the search looks for what it knows.
ENGLISH, INDEX = "en", "search/search_index.json"
_AFTER_ALL_OTHERS = -200
_BASE = re.compile(r'"base": "\.\.((?:/\.\.)*)"')


@event_priority(_AFTER_ALL_OTHERS)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the icon of the app and its pictures, so that they lie in the repository once."""
    found = {f"pictures/{path.name}": path for path in sorted(VIEWS.glob("screenshots/*.png"))}
    for place, path in ({"assets/icon.svg": VIEWS / "icon.svg"} | found).items():
        files.append(File.generated(config, place, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, config: MkDocsConfig, **_: object) -> str:
    """Put the made pieces into a page, and explanations of terms behind it."""
    # The site is built once per language.
    plugin: Any = config.plugins["i18n"]
    language: Language = plugin.current_language
    return f"{fill(markdown, language)}\n\n{tooltips(language)}\n"


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Let an English page look for the search and its likes in the English folder."""
    if not page.url.startswith(f"{ENGLISH}/"):
        return output
    return _BASE.sub(lambda found: f'"base": "{(found[1] or "/.")[1:]}"', output)


@event_priority(_AFTER_ALL_OTHERS)
def on_post_build(config: MkDocsConfig) -> None:
    """Part the search by language: whoever reads English finds English pages, and the other way."""
    plugin: Any = config.plugins["i18n"]
    if plugin.building:
        return
    site = Path(config.site_dir)
    whole = json.loads((site / INDEX).read_text(encoding="utf-8"))
    parts: dict[str, list[dict[str, str]]] = {"": [], f"{ENGLISH}/": []}
    for one in whole["docs"]:
        folder = next(key for key in sorted(parts, reverse=True) if one["location"].startswith(key))
        parts[folder].append(one | {"location": one["location"].removeprefix(folder)})
    for folder, docs in parts.items():
        text = json.dumps(whole | {"docs": docs}, ensure_ascii=False)
        target = site / folder / INDEX
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        # Pages that are opened as files can load a script, but no data.
        target.with_suffix(".js").write_text(f"var __index = {text}", encoding="utf-8")
    # A site map names pages by the address of the site, which nobody knows here.
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (site / name).unlink(missing_ok=True)
