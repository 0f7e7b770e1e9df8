"""What must be true of the bill of materials: it is the lock's, it is stable, it names no place.

That it follows the schema of CycloneDX, and is what would be written, is asked by `make lint`.
"""

from __future__ import annotations

import json

from supply import bom, pins
from supply.project import APP, Project

TEXT = bom.BOM.read_text("utf-8")
BILL = json.loads(TEXT)


def test_it_lists_what_the_app_installs():
    locked = pins.read(bom.HERE / "locks" / f"{APP}.txt")
    listed = [(one["name"], one["version"]) for one in BILL["components"]]
    assert listed == [(pin.name, pin.version) for pin in locked]
    assert all(one["licenses"] for one in BILL["components"])


def test_it_says_who_needs_whom():
    needs = {one["ref"]: one["dependsOn"] for one in BILL["dependencies"]}
    named = {ref.partition("@")[0].removeprefix("pkg:pypi/") for ref in needs[bom.SELF]}
    assert named == Project.read().names(APP)
    assert any("numpy@" in one for one in next(v for k, v in needs.items() if "/pandas@" in k))
    # Nothing is installed for no reason.
    wanted = {ref for refs in needs.values() for ref in refs}
    assert {one["bom-ref"] for one in BILL["components"]} <= wanted


def test_it_can_be_made_again_to_the_last_byte():
    assert "://" not in TEXT
    assert not {"timestamp", "serialNumber"} & {*BILL, *BILL["metadata"]}
