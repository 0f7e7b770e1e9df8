"""Put what came of a mutation run into `results.md`: ``python tests/mutation/table.py FOLDER``.

A mutation run changes one thing at a time in the code, such as < to <=, and asks whether any test
notices. What no test notices is a survivor: a test is missing, or the change changes nothing that
could be seen. `explained.toml` says which functions have survivors of the second kind, and why.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
#: Exit codes of the test run, as mutmut notes them. Left out are changes of a sentence alone and
#: others that `run.py` knows to alter no result.
SURVIVED, UNTESTED, LEFT_OUT, OPEN = 0, (5, 33), 34, None
TIMEOUT = (-24, 24, 36, 152, 255)


def function_of(mutant: str) -> str:
    """Return module and function of a mutant: ``layers.weigh.Plan.shares``."""
    module, _, name = mutant.rpartition(".")
    bare = re.sub(r"__mutmut_\d+$", "", name)
    parts = bare.split("ǁ")
    words = parts[1:] if len(parts) > 1 else [bare.removeprefix("x_")]
    return ".".join([module, *words])


def verdict(code: int | None) -> str:
    """Name the outcome of one mutant."""
    if code in TIMEOUT:
        return "without end"
    if code is OPEN:
        return "not run"
    named = {SURVIVED: "survived", LEFT_OUT: "left out", **dict.fromkeys(UNTESTED, "untested")}
    return named.get(code, "killed")


def read(folder: Path) -> dict[str, dict[str, int | None]]:
    """Return exit codes by mutant, by module, of the modules that were changed."""
    found = {}
    for path in sorted((folder / "mutants").rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            found[path.relative_to(folder / "mutants").as_posix().removesuffix(".meta")] = codes
    return found


def lines(found: dict[str, dict[str, int | None]], explained: dict[str, str]) -> list[str]:
    """Return the table, and the survivors by function."""
    table = [
        "| module | changes | left out | killed | without end | survived | explained | not run |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    reasons, total = Counter[str](), [0] * 7
    for module, codes in found.items():
        counts = Counter(map(verdict, codes.values()))
        survivors = [
            function_of(key)
            for key, code in codes.items() if verdict(code) in {"survived", "untested"}
        ]  # fmt: skip
        reasons.update(survivors)
        known = sum(one in explained for one in survivors)
        cells = (
            len(codes), counts["left out"], counts["killed"], counts["without end"],
            len(survivors), known, counts["not run"],
        )  # fmt: skip
        total = [whole + part for whole, part in zip(total, cells, strict=True)]
        table.append(" | ".join(map(str, (f"| {module}", *cells))) + " |")
    table.append(" | ".join(map(str, ("| all", *total))) + " |")
    told = [
        f"* `{name}` ({count}): {explained.get(name, '**not explained**')}"
        for name, count in sorted(reasons.items())
    ]
    return [*table, "", "Survivors, by function:", "", *told]


if __name__ == "__main__":
    known = tomllib.loads((HERE / "explained.toml").read_text(encoding="utf-8"))
    results = HERE / "results.md"
    told, _, _ = results.read_text(encoding="utf-8").partition("| module")
    table = "\n".join(lines(read(Path(sys.argv[1])), known))
    results.write_text(f"{told}{table}\n", encoding="utf-8")
