"""Lists of firms that come from elsewhere: what kinds there are, how an edition comes to be matched, what a pair and a difference may be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.kit.flow import Flow, State, Step


class ListKind(TextChoices):
    """Whose list it is."""

    TAX = "tax", _("税务代收名单")
    REGISTRY = "registry", _("法人登记名单")
    OTHER = "other", _("其他名单")


HEADCOUNT_SOURCE = {ListKind.TAX: "tax", ListKind.REGISTRY: "registry", ListKind.OTHER: "registry"}
"""Kind of list → code of `headcount_source` under which its numbers of workers are taken over."""


class Fee(TextChoices):
    """What is paid: 工会经费 by who has a union, 建会筹备金 by who has none yet (北京市实施《工会法》办法 art. 55)."""

    FUNDS = "funds", _("工会经费")
    RESERVE = "reserve", _("建会筹备金")


EDITION_FLOW = Flow(
    "edition",
    _("名单版次"),
    states=(
        State("loaded", _("待比对"), "warn", "hourglass"),
        State("matching", _("比对中"), "info", "refresh"),
        State("matched", _("已比对"), "ok", "circle-check"),
    ),
    steps=(
        Step("load", _("载入名单"), ("",), "loaded", "unionbuilding.load_edition"),
        Step("correct", _("更正截至日期"), ("loaded",), "loaded", "unionbuilding.correct_edition"),
        Step("match", _("与单位名册比对"), ("loaded", "matched"), "matching", "unionbuilding.match_edition", is_primary=True),
        Step("finish", _("完成比对"), ("matching",), "matched", "unionbuilding.finish_matching"),
        Step("stop", _("停止比对"), ("matching",), "loaded", "unionbuilding.stop_matching"),
    ),
)

MATCH_STATES = {
    "auto": State("auto", _("自动对上"), "ok", "circle-check"),
    "review": State("review", _("待判"), "warn", "hourglass"),
    "confirmed": State("confirmed", _("人工确认"), "ok", "check"),
    "rejected": State("rejected", _("不是同一家"), "", "ban"),
}
SETTLED = ("auto", "confirmed")
"""States in which a firm of a list is taken for that employer."""


class DifferenceKind(TextChoices):
    """What is different from the edition before."""

    NEW = "new", _("新出现")
    GONE = "gone", _("不再出现")
    MOVED = "moved", _("地址或街道变了")
    RENAMED = "renamed", _("更名")
    PAYING = "paying", _("开始缴工会经费")
    BAND = "band", _("职工人数跨档")


class TaxMatterKind(TextChoices):
    """What the payments and the register do not agree about."""

    NO_UNION = "no_union", _("缴工会经费而未建会")
    UNPAID = "unpaid", _("已建会而未缴费")
    BRANCH = "branch", _("分会列为缴费单位")


TAX_MATTER_FLOW = Flow(
    "tax_matter",
    _("税务核对事项"),
    states=(
        State("open", _("待答复"), "warn", "hourglass"),
        State("answered", _("已答复"), "ok", "circle-check"),
    ),
    steps=(
        Step("answer", _("答复"), ("open",), "answered", "unionbuilding.answer_tax_matter", is_primary=True),
        Step("reopen", _("重新答复"), ("answered",), "open", "unionbuilding.reopen_tax_matter"),
    ),
)
