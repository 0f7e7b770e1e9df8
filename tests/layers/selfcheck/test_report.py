"""Reports on self-checks: every column explained, text of people as text."""

from __future__ import annotations

import json

from checks import BOTH, rater, selfcheck

from geo.publish_study import to_bytes
from layers import score
from layers.paths import default_recipe
from layers.selfcheck.report import report_change, report_selfcheck


def test_a_report_holds_answers_and_results_with_every_column_explained(toy):
    scores = score(toy, default_recipe(toy))
    told = json.loads(to_bytes(report_selfcheck(BOTH, scores), ".json", language="en"))
    rows = {one["field"]: one for one in told["tables"]["selfcheck_fields"]}
    assert (rows["work"]["mean"], rows["governance"]["mean"]) == (1.75, None)
    answers = told["tables"]["selfcheck_answers"]
    assert {"person": 2, "statement": "work.partners", "rating": "1"}.items() <= next(
        one for one in answers if one["name"] == "Ben"
    ).items()
    assert "no measurement" in told["words"][0]
    later = selfcheck(rater("C", work__partners=4))
    change = report_change(BOTH, later, scores)
    assert "1 risen" in change.words[0].en
    for report in (report_selfcheck(BOTH, scores), change):
        for name in report.tables:
            assert all(one.text.de and one.text.en for one in report.code_book(name))
