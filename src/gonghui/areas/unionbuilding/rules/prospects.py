"""Prospects: the way from an employer without a union to one that is covered."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.kit.flow import Flow, State, Step


class Stream(TextChoices):
    """Kinds of prospects that are worked on and counted apart."""

    GENERAL = "general", _("一般单位")
    DISPATCH = "dispatch", _("劳务派遣单位")
    CONVERSION = "conversion", _("联合转单独")


class Origin(TextChoices):
    """How an employer came to be a prospect."""

    REGISTER = "register", _("从单位名册列入")
    LIST = "list", _("名单比对")
    ALERT = "alert", _("单体入会达到人数")
    NURSERY = "nursery", _("联合工会覆盖单位达到人数")


UNDECIDED = ("to_verify", "verified", "contacted", "agreed", "refused")
"""States in which it is still open how the employer comes to be covered."""
ON_THE_WAY = ("preparing", "nominated", "elected", "approved")
"""States in which a union is being prepared; it may still come to nothing."""

PROSPECT_FLOW = Flow(
    "prospect",
    _("建会对象"),
    states=(
        State("to_verify", _("待核实"), "warn", "hourglass"),
        State("verified", _("已核实"), "info", "list-check"),
        State("contacted", _("已沟通"), "info", "message"),
        State("agreed", _("同意筹备"), "info", "hand-stop"),
        State("preparing", _("筹备中"), "info", "users"),
        State("nominated", _("候选人已审核"), "info", "user-plus"),
        State("elected", _("已选举"), "info", "list-check"),
        State("approved", _("结果已批复"), "info", "rubber-stamp"),
        State("founded", _("已建会"), "ok", "circle-check"),
        State("registered", _("已法人登记"), "ok", "circle-check"),
        State("complete", _("已开户"), "ok", "circle-check"),
        State("covered", _("联合工会覆盖"), "ok", "circle-check"),
        State("joined", _("加入已有工会"), "ok", "circle-check"),
        State("refused", _("暂不同意"), "bad", "ban"),
        State("closed", _("已了结"), "", "circle-minus"),
    ),
    steps=(
        Step("open", _("列为建会对象"), ("",), "to_verify", "unionbuilding.open_prospect"),
        Step("verify", _("核实"), ("to_verify",), "verified", "unionbuilding.verify_prospect", is_primary=True),
        Step("talk", pgettext_lazy("verb", "沟通"), ("verified",), "contacted", "unionbuilding.record_talk", is_primary=True),
        Step("agree", _("同意筹备"), ("verified", "contacted"), "agreed", "unionbuilding.agree"),
        Step("prepare", _("批复筹备"), ("agreed",), "preparing", "unionbuilding.approve_preparation", is_primary=True),
        Step("nominate", _("审核候选人"), ("preparing",), "nominated", "unionbuilding.approve_candidates", is_primary=True),
        Step("elect", _("登记选举"), ("nominated",), "elected", "unionbuilding.record_election", is_primary=True),
        Step("approve", _("批复选举结果"), ("elected",), "approved", "unionbuilding.approve_result", is_primary=True),
        Step("found", pgettext_lazy("verb", "建会"), ("approved",), "founded", "unionbuilding.found", is_primary=True),
        Step("register", _("登记法人资格"), ("founded",), "registered", "unionbuilding.record_registration", is_primary=True),
        Step("open_account", _("登记开户"), ("registered",), "complete", "unionbuilding.record_account", is_primary=True),
        Step("refuse", _("登记暂不同意"), ("verified", "contacted", "agreed"), "refused", "unionbuilding.refuse"),
        Step("resume", _("恢复建会工作"), ("refused",), "verified", "unionbuilding.resume"),
        Step("cover", _("由联合工会覆盖"), UNDECIDED, "covered", "unionbuilding.cover_jointly"),
        Step("join", _("加入已有工会"), UNDECIDED, "joined", "unionbuilding.join_existing"),
        Step("renominate", _("重新提名候选人"), ("nominated",), "preparing", "unionbuilding.reopen_candidates"),
        Step("close", pgettext_lazy("prospect", "了结"), (*UNDECIDED, *ON_THE_WAY), "closed", "unionbuilding.close_prospect"),
    ),
)
"""Sources: 工会法 (2021) art. 11-13; 中国工会章程 (2023) on the founding of grass-roots unions; the seven articles' own steps."""

WITH_UNION = ("founded", "registered", "complete")
ENDED = (*WITH_UNION, "covered", "joined", "closed")
"""States in which an employer is no longer looked for a union."""
