"""What must be true for whoever installs the app alone: no extra is needed to score and to look."""

from __future__ import annotations

import subprocess
import sys

from supply import pins
from supply.project import APP, BUILD, ROOT

#: Started afresh: refuses every module that no package of the app's lock brings, then walks.
WALK = """
import sys
from importlib import metadata

from packaging.utils import canonicalize_name

allowed = set(sys.argv[1].split())
owners = metadata.packages_distributions()
absent = {name for name, of in owners.items() if not set(map(canonicalize_name, of)) & allowed}


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Absent())
assert {"pytest", "hypothesis", "distributed", "playwright"} <= absent

from layers import Dataset, Recipe, robust, score

toy = Dataset.open("tests/toy")
recipe = Recipe()
assert score(toy, recipe).ranks.notna().any()
assert len(robust(toy, recipe, draws=20, seed=1).bands)

import streamlit
import views.cli
import views.pages.map
import views.pages.profile
"""


def test_scores_bands_and_pages_need_the_app_alone():
    allowed = {
        pin.name for one in (APP, BUILD) for pin in pins.read(ROOT / f"supply/locks/{one}.txt")
    }
    command = [sys.executable, "-c", WALK, " ".join({*allowed, "potenzialatlas"})]
    walked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert walked.returncode == 0, walked.stderr
