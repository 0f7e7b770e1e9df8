"""Time and memory of reading a whole edition of INKAR; `make bench` runs this.

The file is generated in the true shape: nine columns, quotes where a text needs them, decimal
comma, every ninth row a Kreis and every twentieth value missing. Before each measurement the
system is told to forget the file, so that both plain reading and extracting begin at the disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import pytest

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc"),
]

ROWS = 20_000_000
#: Bytes of memory that a run may take, and seconds per second of plain reading.
MEMORY, RATIO = 1_500_000_000, 6
BYTES_PER_KB = 1024
TABLE = r"""
    COPY (
        SELECT 'LRB' AS "\ufeffBereich", n // 250000 AS "ID", 'q_ind_' || n // 250000 AS "Kuerzel",
            'Anteil der Personen; Gruppe ' || n // 250000 || ' in %' AS "Indikator",
            if(n % 9 = 0, 'Kreise', 'Gemeinden') AS "Raumbezug",
            format('{:02d}{:03d}{:03d}', 1 + n % 16, (n // 16) % 1000,
                if(n % 9 = 0, 0, 1 + n % 900)) AS "Kennziffer",
            'Musterkreis an der Elbe ' || n % 400 AS "Name", 1995 + n % 30 AS "Zeitbezug",
            if(n % 20 = 0, '', replace(format('{:.2f}', (n * 7919 % 100000) / 100), '.', ','))
                AS "Wert"
        FROM range(ROWS) rows(n)
    ) TO 'TARGET' (FORMAT csv, DELIMITER ';', HEADER true)
"""
CHILD = """
import json, sys
from pathlib import Path
from time import perf_counter
from layers.sources.inkar import bulk

start = perf_counter()
report = bulk.extract(Path(sys.argv[1]), Path(sys.argv[2]))
seconds = perf_counter() - start
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0])
print(json.dumps({"seconds": seconds, "kilobytes": peak, "rows": report.rows}))
"""


@pytest.fixture(scope="module")
def edition():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inkar_2025.csv"
        query = TABLE.encode().decode("unicode_escape")
        query = query.replace("ROWS", str(ROWS)).replace("TARGET", str(path))
        command = "import duckdb, sys; duckdb.execute(sys.argv[1])"
        subprocess.run([sys.executable, "-c", command, query], check=True)
        yield path


def forget(path: Path) -> None:
    """Drop what the system keeps of a file in memory."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def plain_seconds(path: Path) -> float:
    forget(path)
    start = perf_counter()
    with path.open("rb", buffering=0) as stream:
        while stream.read(1 << 22):
            pass
    return perf_counter() - start


def extracted(path: Path) -> dict[str, float]:
    forget(path)
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(path.with_suffix(".parquet"))],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def test_extract_of_an_inkar_edition(benchmark, edition):
    """Target: less than 1.5 GB of memory, and at most 6 times plain reading from the disk."""
    size = edition.stat().st_size
    assert size > 1e9
    plain = plain_seconds(edition)
    found = benchmark.pedantic(extracted, (edition,), rounds=1)
    assert found["rows"] == -(-ROWS // 9)
    peak = found["kilobytes"] * BYTES_PER_KB
    benchmark.extra_info.update(
        {
            "gigabytes": size / 1e9,
            "megabytes_per_second": size / 1e6 / found["seconds"],
            "peak": peak / 1e6,
            "plain_ratio": found["seconds"] / plain,
        }
    )
    assert peak < MEMORY
    assert found["seconds"] < RATIO * plain
