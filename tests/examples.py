"""Code that stands in a text: found, run, and compared with the output printed below it."""

from __future__ import annotations

import doctest
import io
import re
import shlex
import sys
import textwrap
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from views.cli import main

ROOT = Path(__file__).parents[1]
ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def fenced(text, kind):
    """Blocks of one kind, also those that stand inside a list."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def commands(text):
    """Every command after a ``$`` with the output that stands below it."""
    parts = re.split(r"^\$ ", "".join(fenced(text, "console")), flags=re.MULTILINE)
    return [tuple(part.split("\n", 1)) for part in parts if part]


def set_up(folder):
    """Let the relative paths of a text lead to the data in a folder where files may appear."""
    for name in ("data", "tests"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    return folder


def differences(text, name):
    """Run the Python of a text; returns what it prints otherwise than it says."""
    session = doctest.DocTestParser().get_doctest(
        "\n".join(fenced(text, "pycon")), {}, name, name, 0
    )
    assert len(session.examples) > 10
    wrong = []
    doctest.DocTestRunner(optionflags=ALIKE, verbose=False).run(session, out=wrong.append)
    return wrong


def run_command(command, expected, folder, monkeypatch):
    """Run a command in a folder; it must say what is printed, and leave the file it names."""
    program, *words = shlex.split(command)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["ipot", *words])
    said = io.StringIO()
    # In this process: starting a new one for each takes longer than what most of them do.
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as end:
        main()
    code = end.value.code or 0
    assert program == "ipot"
    assert doctest.OutputChecker().check_output(expected, said.getvalue(), ALIKE), said.getvalue()
    assert code == (2 if expected.startswith("ipot: ") else 0)
    if "-o" in words:
        assert (folder / words[words.index("-o") + 1]).exists() == (code == 0)
