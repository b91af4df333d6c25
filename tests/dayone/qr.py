"""Reads a QR code back from a picture of a page, as a telephone does (ISO/IEC 18004): finders, format, mask, codewords, text.

Nothing is corrected: a page that needs its error correction in a test is a bad page.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby, permutations

from qrcode import QRCode, base, util

Bits = list[list[bool]]  # rows of a picture or of a code, dark ones true
Finder = tuple[float, float, float]  # its middle, and the width of a module
LEVELS = {1: 1, 0: 0, 3: 3, 2: 2}  # as the format information and the library both number them: L 1, M 0, Q 3, H 2
FORMAT_MASK = 0x5412
FINDER = (1, 1, 3, 1, 1)


def darkness(png: bytes) -> Bits:
    """The pixels of an 8-bit PNG (RFC 2083), dark ones true."""
    place, packed, head = 8, b"", b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        head, packed = (content, packed) if kind == b"IHDR" else (head, packed + content * (kind == b"IDAT"))
        place += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", head[:10])
    assert depth == 8
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    rows = unfiltered(zlib.decompress(packed), height, width * channels, channels)
    return [[row[x * channels + min(1, channels - 1)] < 128 for x in range(width)] for row in rows]


def unfiltered(data: bytes, height: int, stride: int, step: int) -> Iterator[bytearray]:
    """The rows of a PNG without its filters."""
    above = bytearray(stride)
    for y in range(height):
        kind, row = data[y * (stride + 1)], bytearray(data[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for x in range(stride) if kind else ():
            left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
            row[x] = (row[x] + (0, left, above[x], (left + above[x]) // 2, paeth(left, above[x], corner))[kind]) % 256
        yield row
        above = row


def paeth(left: int, above: int, corner: int) -> int:
    """The neighbour nearest to left + above − corner."""
    aim = left + above - corner
    return min((left, above, corner), key=lambda one: abs(aim - one))


def finders(picture: Bits) -> list[Finder]:
    """The centres of the finder patterns with the width of a module."""
    found: list[Finder] = []
    for y, row in enumerate(picture):
        for x, unit in crossings(row):
            column = [line[round(x)] for line in picture]
            for y_there, other in crossings(column):
                is_new = all(abs(x - a) + abs(y_there - b) > 3 * unit for a, b, _unit in found)
                if abs(y_there - y) < unit and abs(other - unit) < unit / 2 and is_new:
                    found.append((x, y_there, (unit + other) / 2))
    return found


def crossings(line: Sequence[bool]) -> Iterator[tuple[float, float]]:
    """Where dark, light, dark, light, dark follow each other as 1 : 1 : 3 : 1 : 1; middle and unit."""
    runs, start = [], 0
    for is_dark, pixels in groupby(line):
        runs.append((is_dark, start, length := len(list(pixels))))
        start += length
    for place in range(len(runs) - 4):
        some = runs[place : place + 5]
        unit = sum(length for _dark, _start, length in some) / 7
        if some[0][0] and unit >= 2 and all(abs(some[i][2] - FINDER[i] * unit) < unit * 0.7 for i in range(5)):
            yield some[0][1] + 3.5 * unit - 0.5, unit


def is_corner(a: Finder, b: Finder, c: Finder) -> bool:
    """Whether these stand as the three of a code: b as far to the right of a as c is below it. Data may look like a finder by chance."""
    wide, unit = b[0] - a[0], a[2]
    return wide > 14 * unit and all(abs(one) < unit for one in (b[1] - a[1], c[0] - a[0], c[1] - a[1] - wide))


def modules(picture: Bits) -> Bits:
    """The first code on a page as its modules."""
    corners = (three for three in permutations(finders(picture), 3) if is_corner(*three))
    (ax, ay, unit), (bx, _by, _), (_cx, cy, _) = min(corners, key=lambda three: (round(three[0][1]), three[0][0] - three[1][0]))
    size = round((bx - ax) / unit) + 7
    size = 17 + 4 * round((size - 17) / 4)
    across, down = (bx - ax) / (size - 7), (cy - ay) / (size - 7)
    return [[picture[round(ay + (y - 3) * down)][round(ax + (x - 3) * across)] for x in range(size)] for y in range(size)]


def reserved(version: int, mask: int) -> list[list[bool | None]]:
    """The modules that hold no data; None where data stands."""
    code = QRCode(version=version)
    code.modules_count = 17 + 4 * version
    code.modules = [[None] * code.modules_count for _row in range(code.modules_count)]
    for row, column in ((0, 0), (code.modules_count - 7, 0), (0, code.modules_count - 7)):
        code.setup_position_probe_pattern(row, column)
    code.setup_position_adjust_pattern()
    code.setup_timing_pattern()
    code.setup_type_info(True, mask)
    if version >= 7:
        code.setup_type_number(True)
    return code.modules  # type: ignore[no-any-return]


def text_of(code: Bits) -> str:
    """What a code says."""
    places = [
        (8, 0),
        (8, 1),
        (8, 2),
        (8, 3),
        (8, 4),
        (8, 5),
        (8, 7),
        (8, 8),
        (7, 8),
        (5, 8),
        (4, 8),
        (3, 8),
        (2, 8),
        (1, 8),
        (0, 8),
    ]
    kind = int("".join(str(int(code[y][x])) for y, x in places), 2) ^ FORMAT_MASK
    level, mask, version = kind >> 13, (kind >> 10) & 7, (len(code) - 17) // 4
    taken, turned = reserved(version, mask), util.mask_func(mask)
    bits = [code[y][x] != turned(y, x) for y, x in zigzag(len(code)) if taken[y][x] is None]
    words = [int("".join(str(int(bit)) for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    data = "".join(f"{word:08b}" for word in in_blocks(words, base.rs_blocks(version, LEVELS[level])))
    wide = 8 if version < 10 else 16
    assert data[:4] == "0100", "only bytes are written here"
    length = int(data[4 : 4 + wide], 2)
    return bytes(int(data[4 + wide + 8 * at : 12 + wide + 8 * at], 2) for at in range(length)).decode()


def zigzag(size: int) -> Iterator[tuple[int, int]]:
    """The modules in the order in which data is written: two columns at a time, up and down, without the timing column."""
    rows = list(range(size - 1, -1, -1))
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for y in rows:
            yield from ((y, right), (y, right - 1))
        rows.reverse()


def in_blocks(words: Sequence[int], blocks: Sequence[base.RSBlock]) -> list[int]:
    """The data codewords, which are written in turns from every block."""
    sorted_out: list[list[int]] = [[] for _block in blocks]
    place = 0
    for at in range(max(block.data_count for block in blocks)):
        for one, block in zip(sorted_out, blocks, strict=True):
            if at < block.data_count:
                one.append(words[place])
                place += 1
    return [word for one in sorted_out for word in one]
