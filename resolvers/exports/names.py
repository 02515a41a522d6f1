"""What the columns and values of exports are called."""

from collections.abc import Mapping

from resolvers.metrics import Dimension, Metric

METRICS: Mapping[Metric, str] = {
    Metric.VOLUNTEERS: "注册志愿者",
    Metric.ACTIVE_VOLUNTEERS: "活跃志愿者",
    Metric.MEMBERSHIPS: "成员人次",
    Metric.TEAMS: "志愿队伍",
    Metric.HUBS: "枢纽型团体",
    Metric.DISABLED_TEAMS: "停用队伍",
    Metric.PROJECTS: "志愿项目",
    Metric.SERVED_PROJECTS: "有时长的项目",
    Metric.PLANNED_PLACES: "计划招募人数",
    Metric.FILLED_PLACES: "已录用人次",
    Metric.SIGN_UPS: "报名人次",
    Metric.NO_SHOWS: "缺席人次",
    Metric.RECORDS: "服务记录",
    Metric.MINUTES: "服务时长（分钟）",
    Metric.OVERDUE_RECORDS: "逾期记录",
    Metric.PENDING_REVIEWS: "待审核",
    Metric.COMMUNITIES: "社区、村",
    Metric.COVERED_COMMUNITIES: "有队伍的社区、村",
}
DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.SEX: "性别",
    Dimension.AGE: "年龄",
    Dimension.STAR: "星级",
    Dimension.HOURS: "服务时长",
    Dimension.EDUCATION: "学历",
    Dimension.EMPLOYMENT: "从业状况",
    Dimension.POLITICAL_STATUS: "政治面貌",
    Dimension.CATEGORY: "服务类别",
    Dimension.KIND: "团体类型",
    Dimension.REGISTRATION_STATUS: "登记状态",
    Dimension.PERMISSION_GROUP: "权限组别",
    Dimension.STATUS: "状态",
    Dimension.RECRUIT_SCOPE: "招募范围",
    Dimension.TARGET: "服务对象",
    Dimension.HEADCOUNT: "计划人数",
    Dimension.SOURCE: "记录来源",
    Dimension.REVIEW_KIND: "审核类型",
    Dimension.SKILL: "专业特长",
    Dimension.ID_TYPE: "证件类型",
    Dimension.SIZE: "队伍人数",
}
REGION_COLUMNS = ("区划代码", "区划")
HOURS = "服务时长（小时）"
MONTH = "月份"
