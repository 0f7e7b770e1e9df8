"""INKAR of the BBSR in all the ways it is published.

* `bulk`: the whole edition, one CSV of several gigabytes in a zip archive;
* `web_export`: tables that a person saved from the web site;
* `wizard`: the requests and answers of the web site's own interface;
* `overview`: the workbook that defines all indicators.
"""
