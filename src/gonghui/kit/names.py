"""Personal names: one spelling for what people type in several, and surnames read as surnames."""

import re
import unicodedata

from gonghui.kit import pinyin

DOT = "·"  # U+00B7, between the parts of a name (GB/T 26322: 买买提·艾力)
DOTS = re.compile(r"\s*[·•‧・･．.]\s*")
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "令狐": "ling hu",
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "任": "ren", "区": "ou", "朴": "piao", "盖": "ge",
    "纪": "ji", "乐": "yue", "召": "shao", "缪": "miao", "宓": "mi", "翟": "zhai", "覃": "qin", "牟": "mu", "冼": "xian",
    "洗": "xian", "折": "she", "黑": "he", "种": "chong", "繁": "po", "员": "yun", "秘": "bi", "薄": "bo", "隗": "wei",
    "燕": "yan", "尉": "wei", "宿": "su", "柏": "bai", "祭": "zhai", "逄": "pang", "谌": "chen", "车": "che", "晁": "chao",
    "乜": "nie", "那": "na", "能": "nai", "句": "gou", "阚": "kan", "莘": "shen", "郗": "xi", "应": "ying", "华": "hua",
    "令": "ling", "藏": "zang", "沈": "shen", "曲": "qu", "石": "shi", "强": "qiang", "盛": "sheng", "都": "du", "贾": "jia",
}  # fmt: skip
"""Surnames whose reading differs from the word's usual one, or might."""


PLAIN = re.compile(r"[\u3400-\u9fff]+")  # nothing in it is written in two ways


def normal(name: str) -> str:
    """The name as it is stored: blanks squeezed, full-width letters folded, one kind of dot; characters are left as they are."""
    if PLAIN.fullmatch(name):
        return name
    folded = "".join(unicodedata.normalize("NFKC", one) if "\uff01" <= one <= "\uff5e" else one for one in name)
    name = DOTS.sub(DOT, " ".join(folded.split()))
    return name if re.search(r"[A-Za-z]", name) else name.replace(" ", "")


def keys(name: str) -> tuple[str, str]:
    """Order key and search key: syllables one after another, and their first letters; dots count for nothing."""
    name = normal(name).replace(DOT, "")
    for length in (2, 1):
        if reading := SURNAMES.get(name[:length]):
            given, first = name[length:], "".join(syllable[0] for syllable in reading.split())
            return f"{reading} {pinyin.full(given)}".strip()[: pinyin.MAXIMUM], first + pinyin.initials(given)
    return pinyin.full(name), pinyin.initials(name)
