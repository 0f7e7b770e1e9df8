"""What all tests of the pages share: Streamlit looks through the installed packages only once."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once():
    """Keep what is found: nothing is installed while tests run.

    Streamlit's test bench looks for components in every installed package whenever a page is put on
    it, which takes longer than most pages do.
    """
    with pytest.MonkeyPatch.context() as patch:
        found = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield
