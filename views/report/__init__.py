"""One region on two pages: a report to print, as PDF or as an HTML file that needs nothing else."""
