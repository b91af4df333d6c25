"""What is compared between two rows and how closely each may agree: findings, the SQL that tells them, their words, first weights.

A finding's numbers say how often it is met among 1,000 compared pairs of each kind (`KINDS`). They are where learning starts from and
what small lists keep; long lists learn their own. They are guesses from how registers are kept, rounded.
"""

from dataclasses import dataclass

# What two rows that met can be to each other. Only the first two are the same firm. They are apart because in each of them other
# fields agree together: taken as one kind, the agreement of one field would seem to say nothing of the next.
KINDS = (
    "same",
    "stale",  # the same firm, of which one list is long out of date: it has moved, has other people and numbers, perhaps another name
    "branch",  # a firm and its branch, or two branches of it
    "namesake",  # firms of one brand and trade with other places in their names
    "sibling",  # firms of one owner or one agency: people, place and often the brand are the same
    "sister",  # firms of one owner whose names differ in the legal form alone, which only they may
    "borrowed",  # one bears the other's code, by mistake
    "chance",  # nothing but what made them meet
)
FEW, MANY = 3, 21  # rows of a list from which a value counts as shared by several, by many

# both written with 18 characters, and a check character says that one is wrong
UNSURE = "not (a.is_valid and b.is_valid) and length(a.code) = 18 and length(b.code) = 18"
# at how many places two neighbours of the one code stand the other way round in the other
TURNED = (
    "list_sum(list_transform(range(1, 18), lambda i: cast(substr(a.code, i, 2) <> substr(b.code, i, 2)"
    " and substr(a.code, i, 2) = reverse(substr(b.code, i, 2)) as int)))"
)


@dataclass(frozen=True)
class Finding:
    """How two rows compare in one field. `sql` is a condition over the rows `a` and `b`; the first true one of a field counts.

    `{place}` in the words is where two codes begin to differ. Findings without words go without saying.
    """

    key: str
    sql: str
    zh: str
    en: str
    per_mille: tuple[float, float, float, float, float, float, float, float]  # in the order of KINDS


@dataclass(frozen=True)
class Field:
    """A field with its findings, nearest first. `absent`: when a side says nothing, which weighs nothing."""

    key: str
    absent: str
    findings: tuple[Finding, ...]


NAME = Field(
    "name",
    "a.core = '' or b.core = ''",
    (
        Finding(
            "same",
            f"a.core = b.core and coalesce(shared_core.rows, 1) < {FEW}",
            "名称相同",
            "same name",
            (750, 600, 600, 750, 1, 750, 2, 0.5),
        ),
        Finding(
            "same_common",
            "a.core = b.core",
            "名称相同，但多家同名",
            "same name, which several firms bear",
            (50, 50, 200, 200, 1, 200, 2, 5),
        ),
        Finding(
            "former",
            "list_contains(a.formers, b.core) or list_contains(b.formers, a.core)",
            "与曾用名相同",
            "same as a former name",
            (30, 150, 10, 5, 5, 5, 2, 3),
        ),
        Finding("sound", "a.sound = b.sound", "名称同音", "name sounds the same", (40, 40, 10, 20, 5, 20, 5, 10)),
        Finding(
            "letter",
            "greatest(length(a.core), length(b.core)) > 3 and levenshtein(a.core, b.core) <= 3",
            "名称差一字",
            "name differs in one character",
            (50, 50, 10, 5, 10, 5, 5, 10),
        ),
        Finding(
            "short",
            "starts_with(a.core, b.core) or starts_with(b.core, a.core)",
            "一方为简称",
            "one side is a short name",
            (20, 20, 20, 5, 10, 5, 5, 20),
        ),
        Finding(
            "brand", "a.brand = b.brand", "字号相同，行业不同", "same brand, other trade", (15, 15, 50, 5, 550, 5, 20, 300)
        ),
        Finding(
            "trade",
            "a.trade = b.trade and a.trade <> ''",
            "字号不同，行业相同",
            "other brand, same trade",
            (20, 20, 20, 2, 30, 2, 30, 60),
        ),
        Finding(
            "start", "left(a.core, 2) = left(b.core, 2)", "名称开头相同", "names begin alike", (10, 10, 30, 2, 150, 2, 20, 100)
        ),
        Finding(
            "alike",
            "jaro_winkler_similarity(a.core, b.core) >= 0.88",
            "名称相近",
            "similar names",
            (15, 15, 40, 2, 55, 2, 70, 100),
        ),
        Finding("different", "true", "名称不同", "different names", (30, 30, 60, 4, 350, 4, 878, 492)),
    ),
)
REGION = Field(
    "region",
    "a.region = '' or b.region = ''",
    (
        Finding(
            "same",
            "contains(a.region, b.region) or contains(b.region, a.region)",
            "",
            "",
            (998, 998, 900, 20, 850, 998, 700, 700),
        ),
        Finding("different", "true", "名称中的地区不同", "names of different places", (2, 2, 100, 980, 150, 2, 300, 300)),
    ),
)
FORM = Field(
    "form",
    "a.form = '' or b.form = ''",
    (
        Finding("same", "a.form = b.form", "", "", (950, 950, 900, 600, 850, 20, 800, 800)),
        Finding("different", "true", "组织形式不同", "different legal forms", (50, 50, 100, 400, 150, 980, 200, 200)),
    ),
)
BRANCH = Field(
    "branch",
    "false",  # that neither is a branch says something too
    (
        Finding("none", "a.branch = '' and b.branch = ''", "", "", (900, 900, 20, 850, 850, 850, 900, 850)),
        Finding("same", "a.branch = b.branch", "同一分支机构", "same branch", (80, 80, 10, 10, 10, 10, 10, 10)),
        Finding(
            "one",
            "a.branch = '' or b.branch = ''",
            "一方为分支机构",
            "one side is a branch",
            (15, 15, 600, 110, 110, 110, 70, 110),
        ),
        Finding("different", "true", "分支机构不同", "different branches", (5, 5, 370, 30, 30, 30, 20, 30)),
    ),
)
CODE = Field(
    "code",
    "a.code is null or b.code is null",
    (
        Finding(
            "same", "a.code = b.code and shared_code_a.rows is null", "代码相同", "same code", (800, 800, 5, 5, 5, 5, 800, 1)
        ),
        Finding(
            "same_repeated",
            "a.code = b.code",
            "代码相同，但名单里不止一行用它",
            "same code, which several rows bear",
            (80, 80, 20, 10, 10, 10, 190, 1),
        ),
        Finding(
            "near",
            "not (a.is_valid and b.is_valid) and length(a.code) > 15 and length(b.code) > 15 and levenshtein(a.code, b.code) = 1",
            "代码差一位{place}",
            "code differs in one place{place}",
            (40, 40, 1, 1, 1, 1, 3, 1),
        ),
        Finding(
            "turned",
            f"{UNSURE} and hamming(a.code, b.code) = 2 and {TURNED} = 1",
            "代码相邻两位颠倒{place}",
            "two neighbouring characters of the code are turned round{place}",
            (15, 15, 1, 1, 1, 1, 2, 1),
        ),
        Finding("organisation", "a.org = b.org", "组织机构代码相同", "same organisation code", (35, 35, 1, 1, 1, 1, 3, 1)),
        Finding(
            "other_kind",
            "(length(a.code) <> length(b.code) and (length(a.code) = 15 or length(b.code) = 15))"
            " or (left(a.code, 1) = '8') <> (left(b.code, 1) = '8')",
            "代码种类不同，无法比较",
            "codes of different kinds, which cannot be compared",
            (10, 10, 40, 40, 40, 40, 1, 40),
        ),
        Finding(
            "doubted",
            "coalesce(taken_a.code, taken_b.code, shared_code_a.value, shared_code_b.value) is not null",
            "代码不同，但其中一个另有单位使用",
            "different codes, one of which another firm bears",
            (15, 15, 20, 20, 20, 20, 5, 20),
        ),
        Finding(
            "wrong",
            "not (a.is_valid and b.is_valid)",
            "代码不同，其中有校验不符的",
            "different codes, one of them not valid",
            (5, 5, 63, 63, 63, 63, 1, 76),
        ),
        Finding("different", "true", "代码不同", "different codes", (15, 15, 870, 880, 880, 880, 1, 880)),
    ),
)
ADDRESS = Field(
    "address",
    "a.address = '' or b.address = ''",
    (
        Finding(
            "same",
            f"a.address = b.address and coalesce(shared_address.rows, 1) < {FEW}",
            "地址相同",
            "same address",
            (500, 150, 20, 300, 300, 300, 5, 20),
        ),
        Finding(
            "same_shared",
            f"a.address = b.address and coalesce(shared_address.rows, 1) < {MANY}",
            "地址相同，有多家",
            "same address, with several firms",
            (60, 20, 20, 200, 200, 200, 5, 30),
        ),
        Finding(
            "same_cluster",
            "a.address = b.address",
            "地址相同，为集群地址",
            "same address, a cluster of firms",
            (40, 20, 20, 50, 50, 50, 10, 100),
        ),
        Finding(
            "building",
            f"a.building = b.building and a.building <> '' and coalesce(shared_building.rows, 1) < {MANY}",
            "地址同楼",
            "same building",
            (200, 80, 40, 100, 100, 100, 10, 30),
        ),
        Finding(
            "building_cluster",
            "a.building = b.building and a.building <> ''",
            "地址同楼，楼内企业多",
            "same building, with many firms",
            (50, 20, 40, 50, 50, 50, 20, 70),
        ),
        Finding(
            "alike",
            "jaro_winkler_similarity(a.address, b.address) >= 0.93",
            "地址相近",
            "similar addresses",
            (50, 10, 60, 50, 50, 50, 50, 50),
        ),
        Finding("different", "true", "地址不同", "different addresses", (100, 700, 800, 250, 250, 250, 900, 700)),
    ),
)
LEGAL = Field(
    "legal",
    "a.legal = '' or b.legal = ''",
    (
        Finding(
            "same",
            f"a.legal = b.legal and coalesce(shared_legal.rows, 1) < {MANY}",
            "法定代表人相同",
            "same legal representative",
            (800, 400, 300, 700, 700, 700, 20, 30),
        ),
        Finding(
            "same_common",
            "a.legal = b.legal",
            "法定代表人同名，但重名多",
            "same legal representative, a common name",
            (50, 20, 30, 50, 50, 50, 10, 30),
        ),
        Finding(
            "letter",
            "length(a.legal) > 1 and length(a.legal) = length(b.legal) and levenshtein(a.legal, b.legal) <= 3"
            " and (length(a.legal) > 2 or left(a.legal, 1) = left(b.legal, 1))",
            "法定代表人差一字",
            "legal representative differs in one character",
            (30, 10, 20, 20, 20, 20, 40, 40),
        ),
        Finding(
            "different", "true", "法定代表人不同", "different legal representatives", (120, 570, 650, 230, 230, 230, 930, 900)
        ),
    ),
)
PHONE = Field(
    "phone",
    "a.phone = '' or b.phone = ''",
    (
        Finding(
            "same",
            f"a.phone = b.phone and coalesce(shared_phone.rows, 1) < {FEW}",
            "电话相同",
            "same telephone",
            (600, 200, 100, 200, 200, 200, 5, 20),
        ),
        Finding(
            "same_shared",
            f"a.phone = b.phone and coalesce(shared_phone.rows, 1) < {MANY}",
            "电话相同，有几家共用",
            "same telephone, shared by several",
            (70, 20, 100, 200, 200, 200, 10, 60),
        ),
        Finding(
            "same_agency",
            "a.phone = b.phone",
            "电话相同，疑为代理机构",
            "same telephone, probably of an agency",
            (50, 20, 50, 100, 100, 100, 20, 150),
        ),
        Finding(
            "digit",
            "length(a.phone) = length(b.phone) and hamming(a.phone, b.phone) = 1",
            "电话差一位",
            "telephone differs in one digit",
            (30, 10, 5, 5, 5, 5, 5, 5),
        ),
        Finding("different", "true", "电话不同", "different telephones", (250, 750, 745, 495, 495, 495, 960, 765)),
    ),
)
HEADCOUNT = Field(
    "headcount",
    "a.headcount is null or b.headcount is null",
    (
        Finding(
            "near",
            "abs(a.headcount - b.headcount) <= 2 + 0.1 * greatest(a.headcount, b.headcount)",
            "职工人数相近",
            "similar headcounts",
            (600, 350, 250, 250, 250, 250, 250, 250),
        ),
        Finding(
            "other",
            "greatest(a.headcount, b.headcount) <= 3 * least(a.headcount, b.headcount)",
            "职工人数有出入",
            "somewhat different headcounts",
            (300, 400, 350, 350, 350, 350, 350, 350),
        ),
        Finding("far", "true", "职工人数悬殊", "very different headcounts", (100, 250, 400, 400, 400, 400, 400, 400)),
    ),
)
FIELDS = (NAME, CODE, REGION, FORM, BRANCH, ADDRESS, LEGAL, PHONE, HEADCOUNT)
