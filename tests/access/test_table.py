"""The table of rules, said a second time: no mutant changes it, and a slip in it is a hole.

Which rule an action has is read off DOMAIN §5 once here and once there; what each rule decides is
for the tests of the rules.
"""

from collections import defaultdict
from collections.abc import Mapping

from permissions.decide import RULES

# The rule, and the actions that it is for.
TABLE: Mapping[str, set[str]] = {
    "certificate_rules.cancels": {"CERTIFICATE_CANCEL"},
    "certificate_rules.downloads": {"CERTIFICATE_DOWNLOAD"},
    "certificate_rules.issues": {"CERTIFICATE_ISSUE"},
    "certificate_rules.prints": {"CERTIFICATE_PRINT"},
    "certificate_rules.revokes": {"CERTIFICATE_REVOKE"},
    "complaint_rules.complains": {"COMPLAINT_APPEAL", "COMPLAINT_CLOSE"},
    "complaint_rules.decides": {"COMPLAINT_ACCEPT", "COMPLAINT_INVESTIGATE", "COMPLAINT_DECIDE"},
    "complaint_rules.handles": {"COMPLAINT_HANDLE"},
    "matching.answers": {"NEED_ANSWER"},
    "matching.closes_need": {"NEED_CLOSE"},
    "matching.closes_offer": {"OFFER_CLOSE"},
    "matching.decides": {"ANSWER_DECIDE"},
    "matching.invites": {"NEED_INVITE"},
    "matching.offers": {"OFFER_MAKE"},
    "matching.publishes": {"NEED_PUBLISH", "OFFER_PUBLISH"},
    "matching.withdraws": {"ANSWER_WITHDRAW"},
    "office_rules.answers_for_station": {"STATION_NAME_ADMINS"},
    "office_rules.hands_over": {"ADMINISTRATOR_HAND_OVER"},
    "office_rules.issues": {"ADMINISTRATOR_ISSUE"},
    "office_rules.keeps_station": {"STATION_UPDATE"},
    "office_rules.opens_station": {"STATION_CREATE"},
    "office_rules.reminds": {"ADMINISTRATOR_REMIND"},
    "office_rules.sets_phase": {"STATION_SET_PHASE"},
    "office_rules.stands_above": {"ADMINISTRATOR_RESET", "ADMINISTRATOR_REMOVE"},
    "place_rules.decides_correction": {"VOLUNTEER_CORRECT"},
    "place_rules.settles_policy": {"LOCAL_POLICY_SET"},
    "publishing_rules.issues_notice": {"NOTICE_ISSUE"},
    "publishing_rules.keeps_submission": {
        "SUBMISSION_UPDATE",
        "SUBMISSION_SUBMIT",
        "SUBMISSION_WITHDRAW",
    },
    "publishing_rules.publishes_submission": {
        "SUBMISSION_PUBLISH",
        "SUBMISSION_RETURN",
        "SUBMISSION_TAKE_OFFLINE",
    },
    "publishing_rules.reviews_submission": {"SUBMISSION_REVIEW"},
    "publishing_rules.withdraws_notice": {"NOTICE_WITHDRAW"},
    "publishing_rules.writes_submission": {"SUBMISSION_CREATE"},
    "rewarding.cancels": {"REDEMPTION_CANCEL"},
    "rewarding.grants": {"REDEMPTION_GRANT"},
    "rewarding.keeps_reward": {"REWARD_CHANGE"},
    "rewarding.keeps_rewards": {"REWARDS_KEEP"},
    "rewarding.redeems": {"REWARD_REDEEM"},
    "supervision.draws": {"INSPECTION_DRAW"},
    "supervision.hands_in": {"INSPECTION_HAND_IN"},
    "supervision.leads": {"INSPECTION_LEAD"},
    "supervision.measures": {"INSPECTION_MEASURE"},
    "team_rules.accepts_move": {"TEAM_MOVE_ACCEPT"},
    "team_rules.asks_to_move": {"TEAM_MOVE"},
    "team_rules.decides": {"REVIEW_DECIDE"},
    "team_rules.decides_in_bulk": {"REVIEW_DECIDE_IN_BULK"},
    "team_rules.enables": {"TEAM_ENABLE"},
    "team_rules.forces_move": {"TEAM_MOVE_FORCE"},
    "team_rules.manages": {
        "TEAM_ASK_GROUP",
        "TEAM_SET_VIEW_TEAMS",
        "TEAM_NAME_ADMINS",
        "PROJECT_CREATE",
    },
    "team_rules.registers": {"TEAM_REGISTER"},
    "team_rules.reviews": {"TEAM_REVIEW", "TEAM_DISABLE", "TEAM_DISSOLVE"},
    "team_rules.sets_group": {"TEAM_SET_GROUP"},
    "team_rules.updates": {"TEAM_UPDATE"},
    "team_rules.withdraws": {"REVIEW_WITHDRAW"},
    "work_rules.changes_post": {"SIGN_UP_CHANGE_POST"},
    "work_rules.decides_on_member": {"MEMBERSHIP_DECIDE", "MEMBERSHIP_END"},
    "work_rules.decides_on_row": {"SIGN_UP_DECIDE", "RECORD_DECIDE", "RECORD_EVALUATE"},
    "work_rules.disables_project": {"PROJECT_DISABLE"},
    "work_rules.enables_project": {"PROJECT_ENABLE"},
    "work_rules.exports": {"REGION_EXPORT"},
    "work_rules.has_project": {
        "PROJECT_UPDATE",
        "PROJECT_SUBMIT",
        "PROJECT_WITHDRAW",
        "PROJECT_CLOSE",
        "SIGN_UP_INVITE",
    },
    "work_rules.invites": {"MEMBERSHIP_INVITE"},
    "work_rules.joins": {"MEMBERSHIP_APPLY"},
    "work_rules.keeps_record": {"RECORD_CORRECT", "RECORD_VOID"},
    "work_rules.owns": {
        "MEMBERSHIP_ANSWER",
        "MEMBERSHIP_LEAVE",
        "SIGN_UP_ANSWER",
        "RECORD_DISPUTE",
    },
    "work_rules.owns_or_decides": {"SIGN_UP_CANCEL", "SIGN_UP_CHECK_IN", "SIGN_UP_CHECK_OUT"},
    "work_rules.publishes": {"PROJECT_PUBLISH"},
    "work_rules.rates": {"STAR_RATE"},
    "work_rules.records": {"RECORD_CREATE"},
    "work_rules.records_award": {"AWARD_RECORD"},
    "work_rules.reveals_id_number": {"ID_NUMBER_REVEAL"},
    "work_rules.reviews_project": {"PROJECT_REVIEW"},
    "work_rules.signs_up": {"SIGN_UP_APPLY"},
    "work_rules.updates_profile": {"VOLUNTEER_UPDATE"},
}


def test_every_action_has_the_rule_of_the_table() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for action, (_, rule) in RULES.items():
        module = rule.__module__.removeprefix("permissions.")
        found[f"{module}.{rule.__name__}"].add(action.value)

    assert found == TABLE
