"""The rules of membership: state tables, kinds, and what follows from days. Sources: 工会会员会籍管理办法 (2016), 中国工会章程 (2023)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.kit.flow import Flow, State, Step

MEMBERSHIP_FLOW = Flow(
    "membership",
    _("会籍"),
    states=(
        State("active", _("正常"), "ok", "circle-check"),
        State("in_transfer", _("接转中"), "warn", "arrows-exchange"),
        State("retained", _("保留会籍"), "info", "bookmark"),
        State("left", _("已退会"), "", "door-exit"),
        State("deemed_left", _("视为自动退会"), "", "clock-x"),
        State("expelled", _("开除会籍"), "bad", "ban"),
        State("deceased", _("去世"), "", "minus"),
    ),
    steps=(
        Step("join", _("入会"), ("",), "active", "members.admit_member"),
        Step("request_transfer", _("申请接转"), ("active", "retained"), "in_transfer", "members.request_transfer"),
        Step("complete_transfer", _("转出"), ("in_transfer",), "active", "members.release_transfer"),
        Step("stop_transfer", _("停止接转"), ("in_transfer",), "active", "members.refuse_transfer"),
        Step("rest_again", _("停止接转"), ("in_transfer",), "retained", "members.refuse_transfer"),
        Step("retain", pgettext_lazy("verb", "保留会籍"), ("active",), "retained", "members.retain_member"),
        Step("resume", _("恢复会籍"), ("retained",), "active", "members.resume_member", is_primary=True),
        Step("leave", pgettext_lazy("verb", "退会"), ("active", "retained"), "left", "members.leave"),
        Step("hand_over", pgettext_lazy("verb", "转出至属地工会"), ("active", "retained"), "active", "members.hand_over"),
        Step("deem_left", pgettext_lazy("verb", "视为自动退会"), ("active", "retained"), "deemed_left", "members.deem_left"),
        Step("expel", pgettext_lazy("verb", "开除会籍"), ("active", "retained"), "expelled", "members.expel"),
        Step("die", _("登记去世"), ("active", "retained"), "deceased", "members.record_death"),
    ),
)
LIVING = ("active", "in_transfer", "retained")
"""States in which somebody has a membership; he can have one only."""
COUNTED = ("active", "in_transfer")
"""States that count as members: a benefit never lapses while a transfer is under way."""

APPLICATION_FLOW = Flow(
    "application",
    _("入会申请"),
    states=(
        State("pending", _("待审"), "warn", "hourglass"),
        State("returned", _("已退回"), "bad", "arrow-back-up"),
        State("approved", _("已通过"), "ok", "circle-check"),
        State("withdrawn", _("已撤回"), "", "arrow-back"),
    ),
    steps=(
        Step("apply", _("申请入会"), ("",), "pending", "members.apply"),
        Step(
            "approve",
            _("同意入会"),
            ("pending",),
            "approved",
            "members.approve_application",
            is_primary=True,
            clock="members.review_days",
        ),
        Step("return", _("退回"), ("pending",), "returned", "members.return_application"),
        Step("forward", _("转给其他工会"), ("pending",), "pending", "members.forward_application"),
        Step(
            "withdraw", pgettext_lazy("one's own", "撤回"), ("pending", "returned"), "withdrawn", "members.withdraw_application"
        ),
    ),
)

UNSUCCESSFUL = ("returned", "withdrawn")
"""States in which an application has come to nothing; what was sealed with it is erased after a while."""

TRANSFER_FLOW = Flow(
    "transfer",
    _("会籍接转"),
    states=(
        State("proposed", _("待接收"), "warn", "hourglass"),
        State("requested", _("待转出"), "warn", "hourglass"),
        State("escalated", _("待上级办理"), "warn", "arrow-up"),
        State("refused", _("不同意转出"), "bad", "hand-stop"),
        State("completed", _("已接转"), "ok", "circle-check"),
        State("withdrawn", _("已撤回"), "", "arrow-back"),
        State("declined", _("不接收"), "bad", "arrow-back-up"),
    ),
    steps=(
        Step("propose", _("申请接转"), ("",), "proposed", "members.request_own_transfer"),
        Step("request", _("请求接转"), ("",), "requested", "members.request_transfer"),
        Step("hand_over", pgettext_lazy("verb", "转出至属地工会"), ("",), "completed", "members.hand_over"),
        Step("accept", _("接收"), ("proposed",), "requested", "members.accept_transfer", is_primary=True),
        Step("decline", _("不接收"), ("proposed",), "declined", "members.decline_transfer"),
        Step("release", _("转出"), ("requested", "escalated"), "completed", "members.release_transfer", is_primary=True),
        Step("refuse", _("不同意转出"), ("requested", "escalated"), "refused", "members.refuse_transfer"),
        Step("escalate", _("转上级办理"), ("requested",), "escalated", "members.advance_transfers"),
        Step("complete", _("到期接转"), ("escalated",), "completed", "members.advance_transfers"),
        Step(
            "withdraw",
            pgettext_lazy("one's own", "撤回"),
            ("proposed", "requested", "escalated"),
            "withdrawn",
            "members.withdraw_transfer",
        ),
    ),
)
OPEN_TRANSFER = ("proposed", "requested", "escalated")

CORRECTION_FLOW = Flow(
    "correction",
    _("资料更正"),
    states=(
        State("asked", _("待核对"), "warn", "hourglass"),
        State("done", _("已更正"), "ok", "circle-check"),
        State("declined", _("未更正"), "bad", "arrow-back-up"),
        State("withdrawn", _("已撤回"), "", "arrow-back"),
    ),
    steps=(
        Step("ask", _("申请更正"), ("",), "asked", "members.request_correction"),
        Step("do", _("同意更正"), ("asked",), "done", "members.make_correction", is_primary=True),
        Step("decline", _("不更正"), ("asked",), "declined", "members.decline_correction"),
        Step("withdraw", pgettext_lazy("one's own", "撤回"), ("asked",), "withdrawn", "members.withdraw_correction"),
    ),
)


class AlertState(TextChoices):
    """What became of a reminder to found a union."""

    OPEN = "open", _("待建会")
    FOUNDED = "founded", _("已建会")
    LAPSED = "lapsed", _("人数已不足")


class Door(TextChoices):
    """How somebody came in (入会方式)."""

    ONLINE = "online", _("网上申请")
    COUNTER = "counter", _("现场办理")
    ROSTER = "roster", _("单位名册")


class WorkerKind(TextChoices):
    """In what relation somebody works (用工形式); the trades of new forms of employment are the code list `trade`."""

    CONTRACT = "contract", _("劳动合同")
    ESTABLISHED = "established", _("在编")
    NON_STAFF = "non_staff", _("编外（非在编）")
    DISPATCH = "dispatch", _("劳务派遣")
    OUTSOURCED = "outsourced", _("外包")
    PLATFORM = "platform", _("新就业形态")
    HOURLY = "hourly", _("非全日制")


class Retained(TextChoices):
    """Why a membership rests (工会会员会籍管理办法 (2016) art. 17–19); no dues, no vote."""

    RETIRED = "retired", _("退休")
    UNEMPLOYED = "unemployed", _("失业")
    DISSOLVED = "dissolved", _("所在单位撤销或破产")
    LAID_OFF = "laid_off", _("在本单位下岗后待岗")


class Leaving(TextChoices):
    """Why a member stands no longer on the list of a place of work, and so what becomes of the membership.

    Source: 工会会员会籍管理办法 (2016) art. 13–19: it moves with the work, rests without it, and ends by wish or death only.
    """

    MOVED = "moved", _("换了单位：会籍转出")
    RETIRED = "retired", _("退休：保留会籍")
    UNEMPLOYED = "unemployed", _("失业：保留会籍")
    LAID_OFF = "laid_off", _("下岗待岗：保留会籍")
    DISSOLVED = "dissolved", _("单位撤销或破产：保留会籍")
    OWN_WISH = "own_wish", _("个人要求退会")
    DECEASED = "deceased", _("去世")
    STAYS = "stays", _("仍在职，名单漏列")


class CardState(TextChoices):
    """The state of the bank's member card (京卡)."""

    NONE = "none", _("未办卡")
    APPLIED = "applied", _("申办中")
    ISSUED = "issued", _("已发卡")
    LOST = "lost", _("已挂失")
    CLOSED = "closed", _("已注销")


class CorrectionKind(TextChoices):
    """What a worker asks for about his data (个人信息保护法 (2021) art. 46, 47)."""

    CORRECTION = "correction", _("更正资料")
    ERASURE = "erasure", _("删除资料")


class PointKind(TextChoices):
    """What kind of place an intake point is."""

    STATION = "station", _("街道工会服务站")
    BUILDING = "building", _("楼宇服务点")
    COMMUNITY = "community", _("社区服务点")
    STAND = "stand", _("流动服务点")


AT_WORK = "1"
"""The code of 在岗 in the list `work_state`."""
