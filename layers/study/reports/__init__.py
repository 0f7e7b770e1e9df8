"""Answers of the analyses as tables with a code book, words for people and provenance.

One function per analysis runs it and returns a `Report`, which `geo.publish_study` writes to a
file. Column names and their meanings stand in ``columns.toml``, sentences in ``words.toml``.
"""

from layers.study.reports.certainty import (
    report_extremes,
    report_leave_out,
    report_multiverse,
    report_sobol,
)
from layers.study.reports.distribution import report_distribution, report_shared
from layers.study.reports.group import report_group
from layers.study.reports.kinds import report_kinds
from layers.study.reports.report import Report
from layers.study.reports.runs import report_coherence, report_comparison, report_panel
from layers.study.reports.two_regions import report_two_regions
from layers.study.reports.weights import report_weights
from layers.study.reports.years import report_years

__all__ = [
    "Report", "report_coherence", "report_comparison", "report_distribution",
    "report_extremes", "report_group", "report_kinds", "report_leave_out", "report_multiverse",
    "report_panel", "report_shared", "report_sobol", "report_two_regions", "report_weights",
    "report_years",
]  # fmt: skip
