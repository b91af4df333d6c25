"""Pages on paper: PDF by typst, from a template beside the code and data as JSON.

What users typed reaches the template as a value (`sys.inputs.data`), never as text of it, so that markup in a name stays a name.
The font is Noto Sans SC (SIL Open Font License, `fonts/OFL.txt`), Regular and Bold of the npm package
@expo-google-fonts/noto-sans-sc 0.4.3, cut down with fonttools to the characters of GBK. The system's own fonts are left out: typst
would take any of them, or boxes, without a word.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Noto Sans SC"


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a typst template; it finds `data` as `json(bytes(sys.inputs.data))`. RuntimeError where it does not compile."""
    inputs = {"data": json.dumps(data, ensure_ascii=False, default=str), "language": (get_language() or "zh")[:2]}
    made: bytes = typst.compile(str(template), font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs)
    return made


@cache
def fonts() -> list[str]:
    """The font files; FileNotFoundError where an installation has lost them, since typst would go on without."""
    found = sorted(str(one) for one in FONTS.glob("*.ttf"))
    if not found:
        raise FileNotFoundError(FONTS)
    return [str(FONTS)]
