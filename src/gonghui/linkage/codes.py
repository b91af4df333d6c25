"""Codes of firms in SQL: the check of the unified social credit code and the organisation code that all kinds have in common."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1: without I O S V Z
WEIGHTS = [pow(3, place, 31) for place in range(17)]


def is_valid(code: str) -> str:
    """Whether a text of 18 characters has the right check character (modulus 31, weights 3ⁱ; GB 32100-2015, 5.5)."""
    terms = (f"(strpos('{ALPHABET}', substr({code}, {at + 1}, 1)) - 1) * {weight}" for at, weight in enumerate(WEIGHTS))
    check = f"strpos('{ALPHABET}', substr({code}, 18, 1)) - 1"
    return f"case when length({code}) = 18 then (({' + '.join(terms)}) + {check}) % 31 = 0 else false end"


def organisation(code: str) -> str:
    """The organisation code (GB 11714): places 9 to 17 of a credit code, the end of a tax code of 15, or a code of 9 by itself."""
    return f"case length({code}) when 18 then substr({code}, 9, 9) when 15 then substr({code}, 7, 9) when 9 then {code} end"
