"""QR codes (ISO/IEC 18004) as drawings that stay sharp on paper."""

from collections.abc import Sequence

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white on each side, which the standard asks for


def matrix(text: str, mask: int | None = None) -> list[list[bool]]:
    """The modules of a text's code, dark ones true, without the quiet zone. Level M: 15 % may be dirty.

    Readers take any of the eight masks; to look for the prettiest takes eight times as long as to name one.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def packed(text: str) -> str:
    """A text's code for a script to draw: its width, a colon, its modules row by row as one hexadecimal number."""
    modules = matrix(text, mask=3)
    bits = "".join("1" if dark else "0" for row in modules for dark in row)
    return f"{len(modules)}:{int(bits, 2):x}"


def svg(text: str) -> str:
    """A text's code as SVG, quiet zone included; one unit is one module."""
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{outline(modules)}"/></svg>'
    )


def outline(modules: Sequence[Sequence[bool]]) -> str:
    """Every run of dark modules as one rectangle of an SVG path."""
    parts = []
    for y, row in enumerate(modules):
        start = 0
        for x in range(len(row) + 1):
            if x < len(row) and row[x]:
                continue
            if x > start:
                parts.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
            start = x + 1
    return "".join(parts)
