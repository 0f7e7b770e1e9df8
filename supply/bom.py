"""Make the bill of materials of the app, CycloneDX 1.6: ``python -m supply.bom``.

It lists what ``locks/app.txt`` installs on any machine, with licences and with who needs whom, and
holds no time, serial number, address or path: equal locks give an equal file, to the last byte.
``python -m supply.bom --check`` writes nothing, and asks instead whether the file that lies there
follows the schema and is the one that would be written (needs cyclonedx-bom).
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supply import licences, pins, tree
from supply.project import APP, ROOT, Project

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from supply.pins import Pin

HERE = Path(__file__).parent
BOM = HERE / "potenzialatlas.cdx.json"
SELF = "potenzialatlas"


def main() -> None:
    """Write the bill, or check the one that is there."""
    text = json.dumps(bill(), indent=1, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv[1:]:
        BOM.write_text(text, "utf-8")
    elif fault := schema_fault(BOM.read_text("utf-8")):
        sys.exit(f"supply.bom: {BOM.name} breaks the schema: {fault}")
    elif BOM.read_text("utf-8") != text:
        sys.exit(f"supply.bom: {BOM.name} is out of date; run `python -m supply.bom`.")


def bill() -> dict[str, Any]:
    """Return the whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = pins.read(HERE / "locks" / f"{APP}.txt")
    licence_of = {(row.name, row.version): row.licence for row in licences.read()}
    itself = {
        "type": "application",
        "bom-ref": SELF,
        "name": SELF,
        "version": project["version"],
        **licence(project["license"]),
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": itself},
        "components": [component(pin, licence_of[pin.name, pin.version]) for pin in locked],
        "dependencies": dependencies(locked),
    }


def component(pin: Pin, expression: str) -> dict[str, Any]:
    """Return one package; the machines that alone need it stand in a property."""
    properties = [{"name": f"{SELF}:marker", "value": pin.marker}]
    return {
        "type": "library",
        "bom-ref": purl(pin),
        "name": pin.name,
        "version": pin.version,
        **licence(expression),
        "purl": purl(pin),
        **({"properties": properties} if pin.marker else {}),
    }


def licence(expression: str) -> dict[str, Any]:
    """Return a licence as CycloneDX wants it: one by its id, several as an expression."""
    one = {"license": {"id": expression}}
    return {"licenses": [one if " " not in expression else {"expression": expression}]}


def purl(pin: Pin) -> str:
    """Return the package's address in the form that all such lists share."""
    return f"pkg:pypi/{pin.name}@{pin.version}"


def dependencies(locked: list[Pin]) -> list[dict[str, Any]]:
    """Return who needs whom, among what is locked and as far as it is installed here."""
    refs: dict[NormalizedName, list[str]] = {}
    for pin in locked:
        refs.setdefault(pin.name, []).append(purl(pin))
    asked = Project.read().asks[APP]
    edges = tree.needs(asked, elsewhere=True)
    direct = {tree.wish(one)[0] for one in asked}
    return [
        {"ref": SELF, "dependsOn": _refs(direct, refs)},
        *(
            {"ref": purl(pin), "dependsOn": _refs(edges.get(pin.name, set()), refs)}
            for pin in locked
        ),
    ]


def _refs(names: set[NormalizedName], refs: Mapping[NormalizedName, list[str]]) -> list[str]:
    return sorted(ref for name in names for ref in refs.get(name, []))


def schema_fault(text: str) -> str:
    """Return what breaks the schema of CycloneDX 1.6, or nothing."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return str(JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) or "")


if __name__ == "__main__":
    main()
