"""Look for input that one target neither takes nor refuses, as long as one likes.

    nice python tests/hostile/fuzz.py recipe -max_total_time=600

Options are those of libFuzzer; without a name, the names are listed. What is found is written to
the present folder as ``crash-...`` or ``timeout-...``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["layers", "tomllib", "csv", "json"]):
    from tests.hostile.seeds import BITS, SEEDS
    from tests.hostile.targets import TARGETS, look

#: A dictionary of libFuzzer holds short words.
_LONGEST_WORD = 60


def _prepared(name: str, folder: Path) -> list[str]:
    """Write seeds and words into a folder, and return the options that name them."""
    corpus = folder / f"fuzz-{name}"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS.get(name, (b"",))):
        (corpus / f"seed{number}").write_bytes(seed)
    words = folder / f"fuzz-{name}.dict"
    spelt = ("".join(f"\\x{one:02x}" for one in bit[:_LONGEST_WORD]) for bit in BITS)
    words.write_text("".join(f'"{one}"\n' for one in spelt), encoding="ascii")
    return [str(corpus), f"-dict={words}", "-timeout=20", "-rss_limit_mb=3000", "-max_len=20000"]


if __name__ == "__main__":
    if len(sys.argv) == 1 or sys.argv[1] not in TARGETS:
        sys.exit(f"one of these: {', '.join(TARGETS)}")
    target = sys.argv.pop(1)
    sys.argv[1:1] = _prepared(target, Path.cwd())
    atheris.Setup(sys.argv, lambda data: look(target, data) and None)
    atheris.Fuzz()
