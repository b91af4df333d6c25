"""Secrets that open something: random, told once, and kept as a digest only."""

import hashlib
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Douglas Crockford's base 32: nothing in it looks like something else
MISREAD = str.maketrans("oil", "011")
LETTERS, GROUP = 28, 4  # 28 × 5 = 140 bits


def digest(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A secret that people may have to type: 28 letters in groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LETTERS))
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def as_told(typed: str) -> str:
    """A secret as it was told, from what somebody typed: without regard to case, blanks, dashes, o for 0, i and l for 1."""
    letters = "".join(letter for letter in typed.lower().translate(MISREAD) if letter in ALPHABET)[: LETTERS + 1]
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
