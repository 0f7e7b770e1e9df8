"""Small files that would be large, and texts that would take long: made here, kept nowhere."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

import openpyxl

_NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET = b"<worksheet " + _NAMESPACE + b">%s<sheetData>%s</sheetData></worksheet>"
_STRINGS = b"<sst " + _NAMESPACE + b' count="1" uniqueCount="1"><si><t>%s</t></si></sst>'


def zipped(*parts: tuple[str, bytes]) -> bytes:
    """Pack parts, of which several may have one name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def xlsx(rows: bytes, *, dimension: bytes = b"", shared: bytes = b"a") -> bytes:
    """Return a workbook of one sheet whose rows are given as XML, and its one shared string."""
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.save(file)
    with zipfile.ZipFile(file) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet1.xml"] = _SHEET % (dimension, rows)
    parts["xl/sharedStrings.xml"] = _STRINGS % shared
    return zipped(*parts.items())


def cell(place: bytes, value: bytes = b"1") -> bytes:
    return b'<c r="%s"><v>%s</v></c>' % (place, value)


def overlapping() -> bytes:
    """Return an archive in which many members share the bytes of one."""
    content = bytearray(zipped(("a.csv", b"0" * 1_000_000)))
    at = content.rfind(b"PK\x05\x06")
    begin = struct.unpack("<I", content[at + 16 : at + 20])[0]
    entry = bytes(content[begin:at])
    entries = b"".join(entry.replace(b"a.csv", b"%c.csv" % (98 + k)) for k in range(20))
    size, count = len(entry) + len(entries), 21
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, begin, 0)
    return bytes(content[:at]) + entries + end


def xls(rows: int, columns: int) -> bytes:
    """Return an old workbook with one number in the first and one in the last of so many cells."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def number(row: int, column: int) -> bytes:
        return record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))

    def begins(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    ends = record(0x000A, b"")
    sheet = begins(0x0010) + number(0, 0) + number(rows - 1, columns - 1) + ends
    name = record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"a")
    place = len(begins(0x0005)) + len(name) + len(ends)
    name = record(0x0085, struct.pack("<IBBBB", place, 0, 0, 1, 0) + b"a")
    stream = (begins(0x0005) + name + ends + sheet).ljust(4096, b"\0")
    return _compound(stream)


def locked() -> bytes:
    """Return the container in which Excel lays a workbook that needs a password to open."""
    return _compound(struct.pack("<Q", 4000) + bytes(4088), "EncryptedPackage")


def _compound(stream: bytes, name: str = "Workbook") -> bytes:
    """Return an OLE file that holds one stream of whole sectors."""
    sectors = len(stream) // 512
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, end, *range(3, sectors + 2), end]
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        spelt = name.encode("utf-16-le") + b"\0\0"
        return (
            spelt.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(spelt), kind, 1, free, free, child)
            + bytes(36) + struct.pack("<IQ", start, size)
        )  # fmt: skip

    folder = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )  # fmt: skip
    return head + fat + folder.ljust(512, b"\0") + stream
