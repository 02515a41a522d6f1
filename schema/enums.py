"""The stored vocabularies as enums of the schema."""

from enum import StrEnum

from db import enums
from permissions.viewer import Role
from schema.visibility import (
    EVERYONE,
    MANAGERS,
    PERSONS,
    REGISTRANTS,
    VOLUNTEERS,
    Audience,
    enum_type,
)


def _enum(stored: type[StrEnum], description: str, to: Audience = EVERYONE) -> None:
    enum_type(to=to, description=description)(stored)


_enum(enums.RegionLevel, "Level of a region (行政层级)")
_enum(enums.StationPhase, "System a station runs on (站点阶段)")
_enum(enums.SupportKind, "Way to a station's support (客服渠道类型)")
_enum(enums.HubLevel, "Level of a hub team (枢纽型团体层级)")
_enum(enums.EntityStatus, "How a legal person stands at its register (法人状态)", MANAGERS)
_enum(enums.TeamKind, "Kind of a team (队伍类型)")
_enum(enums.RegistrationStatus, "Registration of a team (登记状态)")
_enum(enums.TeamStatus, "State of a team (队伍状态)")
_enum(enums.PermissionGroup, "Permission group of a team (权限组别)")
_enum(enums.TeamAdminRole, "Role inside a team (队伍内职责)", PERSONS)
_enum(enums.MembershipStatus, "State of a membership (成员状态)", PERSONS)
_enum(enums.VolunteerStatus, "State of a volunteer (志愿者状态)", PERSONS)
_enum(enums.RealNameStatus, "Outcome of the real-name check (实名认证状态)", PERSONS)
_enum(enums.IdentityType, "Kind of document that proves an identity (证件类型)", REGISTRANTS)
_enum(enums.Sex, "Sex, GB/T 2261.1 (性别)", REGISTRANTS)
_enum(enums.InvitePolicy, "Answer to invitations (邀请策略)", PERSONS)
_enum(enums.ConsentKind, "What was consented to (同意类型)", VOLUNTEERS)
_enum(enums.RecruitScope, "Who may sign up (招募范围)")
_enum(enums.StoppedBy, "Who disabled a project (停用方)", MANAGERS)
_enum(enums.ProhibitedKind, "Kind of activity that may not be published (禁止发布类型)", MANAGERS)
_enum(enums.ProjectStatus, "State of a project (项目状态)")
_enum(enums.SignUpStatus, "State of a sign-up (报名状态)", PERSONS)
_enum(enums.RecordStatus, "State of a service record (记录状态)", PERSONS)
_enum(enums.RecordSource, "How a record came in (记录来源)", PERSONS)
_enum(enums.CertificateStatus, "State of a certificate (证明状态)", PERSONS)
_enum(enums.ReviewKind, "What a review is about (审核类型)", PERSONS)
_enum(enums.ReviewState, "Whether a review still waits (审核状态)", PERSONS)
_enum(enums.ExportKind, "What an export holds (导出内容)", MANAGERS)
_enum(enums.ExportFormat, "Kind of file (文件格式)", MANAGERS)
_enum(enums.ExportState, "How far an export has come (导出状态)", MANAGERS)
_enum(enums.TrialLevel, "Level that a trial reached (试用层级)", frozenset({Role.DEPARTMENT}))
_enum(enums.TrialModule, "Part of system 2.0 (试用模块)", frozenset({Role.DEPARTMENT}))
_enum(enums.ComplaintTopic, "What a complaint says is wrong (投诉事由)", PERSONS)
_enum(enums.ComplaintStatus, "State of a complaint (投诉状态)", PERSONS)
_enum(enums.ComplaintMeasure, "What is done about a complaint (处理措施)", PERSONS)
_enum(enums.SubmissionStatus, "State of a contributed article (稿件状态)")
_enum(enums.NoticeReader, "To whom a notice is addressed (通知对象)")
_enum(enums.InspectionKind, "What a random check draws from (抽查内容)")
_enum(enums.InspectionStatus, "State of a random check (抽查状态)")
_enum(enums.InspectedKind, "What an item of a random check is (抽查项类型)", MANAGERS)
_enum(enums.InspectionVerdict, "What was found of an item (检查结论)", MANAGERS)
_enum(enums.MeasureKind, "What a bad finding leads to (处理措施)")
_enum(enums.MatchStatus, "State of a need or offer (供需状态)")
_enum(enums.AnswerStatus, "State of an answer to a need (对接状态)", PERSONS)
_enum(enums.AnswerSide, "Who made an answer to a need (对接发起方)", PERSONS)
_enum(enums.RewardItemStatus, "Whether a reward can be redeemed (回馈项目状态)")
_enum(enums.RewardRuleKind, "What points are earned by (积分规则类型)")
_enum(enums.RewardEntryKind, "What a row of the ledger of rewards is (积分流水类型)", VOLUNTEERS)
_enum(enums.RedemptionStatus, "State of a reward that was asked for (兑换状态)", PERSONS)
