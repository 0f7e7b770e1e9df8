"""Takes results and traces of the machine out of the notebooks before they go into git.

    python notebooks/strip.py           strips all notebooks of this folder
    python notebooks/strip.py --check   changes nothing, names those that are not stripped

What stays: the cells with their sources and ids, and the name of the kernel.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

FOLDER = Path(__file__).parent
#: All that a notebook says about the machine it runs on.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def stripped(text: str) -> str:
    """Return a notebook without outputs, counts and metadata, in the one form that git keeps."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {}
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return nbformat.writes(notebook) + "\n"


def main(arguments: list[str]) -> str:
    """Strip or check all notebooks; what is returned is empty if nothing is wrong."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.ipynb"))}
    changed = {path: new for path, text in texts.items() if (new := stripped(text)) != text}
    if arguments == ["--check"]:
        names = ", ".join(path.name for path in changed)
        return f"not stripped: {names}; run python notebooks/strip.py." if names else ""
    if arguments:
        return f"unknown: {' '.join(arguments)}; allowed is --check."
    for path, new in changed.items():
        path.write_text(new, encoding="utf-8")
    return ""


if __name__ == "__main__":
    # A string is printed to standard error and makes exit code 1.
    sys.exit(main(sys.argv[1:]) or 0)
