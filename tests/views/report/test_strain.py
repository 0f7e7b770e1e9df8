"""The part of a report on services: one row each, values with years, nothing without data."""

from __future__ import annotations

from reading import read, tables, words_of

from layers.study.strain import standing
from views.report.strain import strain


def page(region, shared):
    return read(f"<!DOCTYPE html><title>x</title>{strain(region, shared)}")


def test_every_service_has_a_row_with_values_and_years(german, scores):
    rows = tables(page("09477", german))["Wie gefordert die Angebote sind"][1:]
    found = standing(scores.dataset)
    assert [row[0] for row in rows] == [one.name.de for one in found.services]
    value = found.values.loc["09477", "childcare_3_to_5"]
    assert rows[0][2].replace("\xa0", " ") == f"{value:.1f} %, 2020".replace(".", ",")


def test_cause_and_effect_are_not_claimed(german):
    assert "nicht als Ursache und Folge" in words_of(page("09477", german))


def test_a_value_that_an_institution_drives_and_a_gap_are_named(german):
    assert "weit über allem Üblichen" in words_of(page("06611", german))
    assert "Für den Kreis gibt es keinen Wert" in words_of(page("10041", german))


def test_a_dataset_without_such_data_has_no_such_part(little):
    assert strain("A1", little) == ""
