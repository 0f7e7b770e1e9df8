"""Many reports at once are the same files as one by one."""

from __future__ import annotations

import pytest

from views.report import batch
from views.report.document import to_bytes


def test_other_processes_make_the_same_bytes(little):
    regions = little.order * batch._WORTH
    made = list(batch.reports(regions, little, ".html", processes=2))
    assert [region for region, _ in made] == regions
    assert dict(made) == {region: to_bytes(region, little, ".html") for region in little.order}


def test_few_regions_are_made_in_this_process_and_in_their_order(little):
    made = list(batch.reports(little.order, little, ".html", processes=4))
    assert [region for region, _ in made] == little.order


@pytest.mark.parametrize(
    ("key", "name"),
    [("01001", "potenzialatlas_01001.pdf"), ("../a b", "potenzialatlas_.._a_b.pdf")],
)
def test_no_key_leads_out_of_the_folder(key, name):
    assert batch.file_name(key, ".pdf") == name
