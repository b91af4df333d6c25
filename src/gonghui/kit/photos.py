"""Photos without what the camera wrote beside the picture: where it was taken, by which device, when.

The picture itself stays as it is, byte for byte; only the segments (JPEG, ITU-T T.81 annex B) or chunks (PNG, ISO/IEC 15948) that are
needed to show it are kept, and how it is to be turned. What is behind the picture, such as a second one, is cut off.
"""

import struct
from collections.abc import Iterator

JPEG = b"\xff\xd8"
PNG = b"\x89PNG\r\n\x1a\n"
SCAN, END = 0xDA, 0xD9
KEPT_MARKERS = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDD, 0xE0, 0xEE}) - {
    0xC8
}  # frames, tables, JFIF, Adobe's colour transform
BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
EXIF = b"Exif\x00\x00"
ORIENTATION = 0x0112
KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"IDAT", b"IEND"})


class BadPhoto(ValueError):
    """Neither JPEG nor PNG, or not whole."""


def cleaned(content: bytes) -> tuple[bytes, str]:
    """The photo without anything but the picture, and the ending of its name. Raises BadPhoto."""
    try:
        if content.startswith(JPEG):
            return clean_jpeg(content), ".jpg"
        if content.startswith(PNG):
            return clean_png(content), ".png"
    except (struct.error, IndexError) as error:
        raise BadPhoto("not whole") from error
    raise BadPhoto("neither JPEG nor PNG")


def clean_jpeg(content: bytes) -> bytes:
    """The segments of the picture, with how it is to be turned in front."""
    kept, turned = bytearray(), 1
    for marker, segment in segments(content):
        if marker == 0xE1 and segment[4:].startswith(EXIF):
            turned = orientation(segment[4 + len(EXIF) :]) or turned
        elif marker in KEPT_MARKERS or marker in (SCAN, END):
            kept += segment
    if not kept.endswith(b"\xff\xd9"):
        raise BadPhoto("no end")
    return JPEG + (turning(turned) if turned != 1 else b"") + bytes(kept)


def segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture; a scan brings its compressed data along."""
    place = len(JPEG)
    while True:
        if content[place] != 0xFF:
            raise BadPhoto("no marker")
        marker = content[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker == END:
            yield marker, content[place : place + 2]
            return
        length = 0 if marker in BARE_MARKERS else struct.unpack_from(">H", content, place + 2)[0]
        end = place + 2 + length
        if end > len(content):
            raise BadPhoto("cut off")
        if marker == SCAN:
            end = end_of_scan(content, end)
        yield marker, content[place:end]
        place = end


def end_of_scan(content: bytes, place: int) -> int:
    """Where the compressed data end: at the next marker that is neither a stuffed byte nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise BadPhoto("no end of the scan")
        following = content[place + 1]
        if following != 0x00 and following not in BARE_MARKERS:
            return place
        place += 2


def orientation(tiff: bytes) -> int:
    """How the picture is to be turned (1 to 8), from the first directory of its EXIF data; 0 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for entry in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if tag == ORIENTATION and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 0
    return 0


def turning(value: int) -> bytes:
    """An EXIF segment that says nothing but how the picture is to be turned."""
    tiff = b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, ORIENTATION, 3, 1, value, 0, 0)
    return struct.pack(">HH", 0xFFE1, 2 + len(EXIF) + len(tiff)) + EXIF + tiff


def clean_png(content: bytes) -> bytes:
    """The chunks of the picture."""
    kept, place = bytearray(PNG), len(PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise BadPhoto("cut off")
        if kind in KEPT_CHUNKS:
            kept += content[place:end]
        if kind == b"IEND":
            return bytes(kept)
        place = end
