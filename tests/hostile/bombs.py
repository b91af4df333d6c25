"""Files that are small and open into something huge (row E2 of the reliability programme): zip, XML, nested, lying, pictures.

The archives are written byte by byte, since no library writes a lie, and hundreds of megabytes are packed as one block repeated.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.exchange.workbooks import xlsx_of

MEGABYTE = 2**20
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD, FOOT = b'<worksheet xmlns="%s"><sheetData>' % MAIN, b"</sheetData></worksheet>"


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its name, its bytes as deflated, and what the archive says of them."""

    name: str
    deflated: bytes
    size: int
    checksum: int


def entry(name: str, *blocks: tuple[bytes, int]) -> Entry:
    """A file made of blocks, each so many times: a block that ends with a full flush may be repeated as it is."""
    deflated, size, checksum = [], 0, 0
    for content, times in blocks:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
        deflated.append(block * times)
        size += len(content) * times
        for _time in range(times):
            checksum = zlib.crc32(content, checksum)
    return Entry(name, b"".join(deflated) + b"\x03\x00", size, checksum)  # an empty last block ends it


def archive(*entries: Entry) -> bytes:
    """A zip archive (APPNOTE 4.3.6)."""
    files, directory = bytearray(), bytearray()
    for one in entries:
        name = one.name.encode()
        told = (one.checksum, len(one.deflated), one.size, len(name), 0)
        start = len(files)
        files += struct.pack("<4s5HIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, *told) + name + one.deflated
        directory += struct.pack("<4s6HIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *told, 0, 0, 0, 0, start) + name
    count = len(entries) % 65536
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(files), 0)
    return bytes(files + directory + end)


def workbook(*parts: Entry) -> bytes:
    """A workbook as this system writes it, with these parts replaced or added."""
    replaced = {part.name for part in parts}
    with zipfile.ZipFile(io.BytesIO(xlsx_of(["单位名称"], [["一店"]]))) as sound:
        kept = [entry(name, (sound.read(name), 1)) for name in sound.namelist() if name not in replaced]
    return archive(*kept, *parts)


def rows(count: int) -> Entry:
    """The sheet with so many thousand rows of 26 bytes."""
    return entry(SHEET, (HEAD, 1), (b"<row><c><v>1</v></c></row>" * 1000, count), (FOOT, 1))


def nested(depth: int = 6) -> bytes:
    """Archives of archives, as 42.zip is made."""
    content = archive(entry("0.txt", (b"\x00" * MEGABYTE, 4)))
    for _level in range(depth):
        content = archive(*(entry(f"{number}.zip", (content, 1)) for number in range(16)))
    return content


def entities(declared: bytes) -> bytes:
    """A workbook whose shared strings begin with this declaration and use what it declares a thousand times."""
    table = b'<?xml version="1.0"?>%s<sst xmlns="%s" count="1"><si><t>%s</t></si></sst>' % (declared, MAIN, b"&z;" * 1000)
    cells = HEAD + b'<row><c t="s"><v>0</v></c></row>' + FOOT
    return workbook(entry(SHEET, (cells, 1)), entry(STRINGS, (table, 1)))


def billion_laughs() -> bytes:
    """Each entity is twenty of the one before."""
    levels = [b'<!ENTITY a "' + b"ha" * 50 + b'">']
    for name, former in zip("bcdefghijz", "abcdefghij", strict=True):
        levels.append(f'<!ENTITY {name} "{f"&{former};" * 20}">'.encode())
    return entities(b"<!DOCTYPE sst [" + b"".join(levels) + b"]>")


def quadratic(length: int) -> bytes:
    """One long entity, used often."""
    return entities(b'<!DOCTYPE sst [<!ENTITY z "' + b"a" * length + b'">]>')


def picture(side: int = 50_000) -> bytes:
    """A PNG that says it has side × side grey pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * side * 20)), (b"IEND", b"")]
    told = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


SOUND = workbook(rows(2))  # opens, so that what is refused below is refused for its size
BOMBS: dict[str, Callable[[], bytes]] = {
    "300 MB of spaces": lambda: workbook(entry(SHEET, (HEAD, 1), (b" " * MEGABYTE, 300), (FOOT, 1))),
    "300 MB of rows": lambda: workbook(rows(12_000)),
    "500 MB declared": lambda: workbook(replace(rows(2), size=500 * MEGABYTE)),
    "four gigabytes declared": lambda: workbook(replace(rows(2), size=2**32 - 2)),
    "300 MB that declare ten bytes": lambda: workbook(replace(rows(12_000), size=10)),
    "300 MB that declare a plausible size": lambda: workbook(replace(rows(12_000), size=900_000)),
    "nested": nested,
    "100,000 entries": lambda: archive(*(Entry(f"xl/{number}", b"\x03\x00", 0, 0) for number in range(100_000))),
    "quadratic entities": lambda: quadratic(2**20),
    "smaller quadratic entities": lambda: quadratic(2**16),
    "billion laughs": billion_laughs,
    "picture of 50,000²": picture,
    "gzip of a gigabyte": lambda: b"\x1f\x8b\x08" + zlib.compress(b"\x00" * (64 * MEGABYTE)) * 16,
}
