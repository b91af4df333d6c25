"""The roles: named sets of permissions, in plain words. Data, not code: a permission is an action's name or `<area>.view`."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gonghui.kit.text import Text

WORKER = frozenset(
    {
        "members.apply",
        "members.recognise_member",
        "members.withdraw_application",
        "members.request_own_transfer",
        "members.withdraw_transfer",
        "members.request_correction",
        "members.withdraw_correction",
        "members.show_officer_phone",
        "notices.read_message",
        "accounts.sign_out_everywhere",
        "accounts.release_wechat",
    }
)
"""What every worker may do with what is his own, wherever it stands; not a role, and granted to nobody."""
FILES = frozenset({"files.view", "files.store_file", "files.open_file", "files.remove_file", "exchange.export_list"})
FILTERS = frozenset({"web.save_filter", "web.rename_filter", "web.pin_filter", "web.unpin_filter", "web.delete_filter"})
READ = (
    FILES
    | FILTERS
    | {
        "organisations.view",
        "register.view",
        "notices.view",
        "notices.write_note",
        "notices.finish_note",
        "figures.view",
    }
)
IMPORT = frozenset(
    {
        "exchange.view",
        "exchange.start_batch",
        "exchange.map_batch",
        "exchange.check_batch",
        "exchange.mend_batch",
        "exchange.answer_batch",
        "exchange.apply_batch",
        "exchange.finish_batch",
        "exchange.fail_batch",
        "exchange.cancel_batch",
        "exchange.begin_undo",
        "exchange.keep_batch",
        "exchange.undo_batch",
    }
)
MEMBERS = frozenset(
    {
        "members.view",
        "members.admit_member",
        "members.edit_member",
        "members.hand_over",
        "members.take_application",
        "members.read_card",
        "members.begin_counter",
        "members.end_counter",
        "members.take_at_counter",
        "members.print_member",
        "members.report_member",
        "members.report_in_full",
        "members.record_card",
        "members.reveal",
        "members.approve_application",
        "members.return_application",
        "members.forward_application",
        "members.request_transfer",
        "members.accept_transfer",
        "members.decline_transfer",
        "members.release_transfer",
        "members.refuse_transfer",
        "members.withdraw_transfer",
        "members.retain_member",
        "members.resume_member",
        "members.leave",
        "members.deem_left",
        "members.expel",
        "members.record_death",
        "members.make_correction",
        "members.decline_correction",
        "people.view",
        "people.edit_person",
        "people.add_document",
        "people.merge_people",
        "people.unmerge_people",
        "people.tell_apart",
    }
)
PROSPECTS = frozenset(
    {
        "unionbuilding.view",
        "unionbuilding.open_prospect",
        "unionbuilding.claim",
        "unionbuilding.keep_claim",
        "unionbuilding.release_claim",
        "unionbuilding.raise_dispute",
        "unionbuilding.withdraw_dispute",
        "unionbuilding.give_charge",
        "unionbuilding.end_charge",
        "unionbuilding.take_call",
        "unionbuilding.show_number",
        "unionbuilding.print_calls",
        "unionbuilding.record_attempt",
        "unionbuilding.record_finding",
        "unionbuilding.verify_prospect",
        "unionbuilding.record_talk",
        "unionbuilding.agree",
        "unionbuilding.refuse",
        "unionbuilding.resume",
        "unionbuilding.close_prospect",
        "unionbuilding.load_edition",
        "unionbuilding.correct_edition",
        "unionbuilding.match_edition",
        "unionbuilding.finish_matching",
        "unionbuilding.stop_matching",
        "unionbuilding.decide_match",
        "unionbuilding.take_back_verdict",
        "unionbuilding.enter_firm",
        "unionbuilding.take_headcounts",
        "unionbuilding.take_telephones",
        "unionbuilding.answer_tax_matter",
        "unionbuilding.reopen_tax_matter",
    }
)
"""Finding employers without a union and who works on each: lists, claims, calls, findings."""
FOUNDING = frozenset(
    {
        "unionbuilding.approve_preparation",
        "unionbuilding.edit_plan",
        "unionbuilding.nominate",
        "unionbuilding.edit_candidate",
        "unionbuilding.remove_candidate",
        "unionbuilding.approve_candidates",
        "unionbuilding.reopen_candidates",
        "unionbuilding.record_election",
        "unionbuilding.approve_result",
        "unionbuilding.found",
        "unionbuilding.record_registration",
        "unionbuilding.record_account",
        "unionbuilding.reveal_account",
        "unionbuilding.cover_jointly",
        "unionbuilding.join_existing",
        "unionbuilding.draw_up_paper",
        "unionbuilding.set_template",
        "unionbuilding.end_template",
        "unionbuilding.finish_duty",
        "unionbuilding.reopen_duty",
        "members.move_in",
        "members.undo_move",
    }
)
"""The steps from an employer that agrees to a union that is in order and active."""
STREET = (
    IMPORT
    | MEMBERS
    | PROSPECTS
    | FOUNDING
    | frozenset(
        {
            "register.found_union",
            "register.propose_union",
            "register.resubmit_union",
            "register.approve_union",
            "register.return_union",
            "register.edit_union",
            "register.dissolve_union",
            "register.enter_employer",
            "register.edit_employer",
            "register.edit_employers",
            "register.cover_employer",
            "register.end_coverage",
            "register.record_headcount",
            "register.close_employer",
            "register.move_out_employer",
            "register.relocate_employer",
            "register.propose_strike_off",
            "register.add_contact",
            "register.add_contacts",
            "register.end_contact",
            "register.check_contact",
            "register.reveal_phone",
            "members.open_point",
            "members.edit_point",
            "members.close_point",
            "members.give_entitlement",
            "members.edit_entitlement",
            "members.end_entitlement",
            "dashboards.view",
            "access.issue_token",
            "access.revoke_token",
        }
    )
)
DISTRICT = STREET | {
    "register.found_streets",
    "register.approve_strike_off",
    "register.return_strike_off",
    "register.withdraw_strike_off",
    "register.restore_employer",
    "register.move_union",
    "unionbuilding.assign_claim",
    "unionbuilding.reassign_claim",
    "unionbuilding.uphold_dispute",
    "unionbuilding.dismiss_dispute",
    "register.merge_employers",
    "register.unmerge_employers",
    "register.merge_unions",
    "register.unmerge_unions",
    "register.tell_employers_apart",
    "register.tell_unions_apart",
    "figures.freeze",
    "figures.report",
    "figures.correct_report",
    "figures.set_target",
    "figures.revise_target",
    "unionbuilding.compute_award",
    "unionbuilding.recompute_award",
    "unionbuilding.confirm_award",
}


@dataclass(frozen=True)
class Role:
    """A role: its code, what it is called, what it is for in one sentence, what it may do; and whether a telephone code signs its holders
    in to the desk, as long as they hold nothing else and nothing above a base union (security.md 8)."""

    code: str
    label: Text
    meaning: Text
    permissions: frozenset[str]
    signs_in_by_phone: bool = False


ROLES = {
    role.code: role
    for role in (
        Role(
            "district_chair",
            _("区总工会领导"),
            _("看全区的名册与数据；审批剔除；不日常录入"),
            READ
            | {
                "members.view",
                "people.view",
                "unionbuilding.view",
                "register.approve_strike_off",
                "register.return_strike_off",
                "figures.freeze",
                "dashboards.view",
                "reference.view",
                "access.view",
            },
        ),
        Role(
            "department_officer",
            _("部室干部"),
            _("管全区的工会组织、用人单位与会员名册，审核街道报来的剔除，调整上级关系"),
            READ | DISTRICT | {"reference.view"},
        ),
        Role(
            "administrator",
            _("系统管理员"),
            _("开账号、发邀请、授角色、改参数、开关试点；不经办业务"),
            FILES
            | FILTERS
            | IMPORT
            | frozenset(
                {
                    "organisations.view",
                    "access.view",
                    "access.choose_departments",
                    "access.invite",
                    "access.issue_invitation",
                    "access.withdraw_invitation",
                    "notices.address_message",
                    "access.grant_role",
                    "access.end_grant",
                    "access.pass_on",
                    "access.reorganise_department",
                    "access.reset_second_factor",
                    "access.reset_phone",
                    "access.switch_area",
                    "accounts.open_account",
                    "accounts.close_account",
                    "reference.view",
                    "reference.revise_parameter",
                    "reference.plan_day",
                    "web.view",
                    "notices.view",
                    "notices.try_sender",
                }
            ),
        ),
        Role(
            "street_officer",
            _("街道（系统）工会干部"),
            _("管本街道或本系统的名册：建会、覆盖、联系人、人数、会员，申报剔除"),
            READ | STREET,
        ),
        Role(
            "enterprise_chair",
            _("基层工会主席"),
            _("管本工会的会员：入会、接转、离开；核对联系人和人数，申请建分会"),
            READ
            | IMPORT
            | MEMBERS
            | {
                "members.compare_staff",
                "register.propose_union",
                "register.resubmit_union",
                "register.add_contact",
                "register.end_contact",
                "register.check_contact",
                "register.record_headcount",
                "register.reveal_phone",
            },
            signs_in_by_phone=True,
        ),
    )
}
