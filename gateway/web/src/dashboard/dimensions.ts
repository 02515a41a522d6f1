import type { Language } from '../texts';
import type { Metric } from './address';

/** By what each figure can be broken down; the first two are shown at first. */
export const DIMENSIONS: Record<Metric, readonly [Dimension, Dimension, ...Dimension[]]> = {
  volunteers: ['AGE', 'SEX', 'STAR', 'HOURS', 'CATEGORY', 'EDUCATION', 'EMPLOYMENT', 'POLITICAL_STATUS', 'SKILL', 'ID_TYPE'],
  teams: ['CATEGORY', 'REGISTRATION_STATUS', 'SIZE', 'HOURS', 'KIND', 'PERMISSION_GROUP'],
  projects: ['CATEGORY', 'STATUS', 'TARGET', 'HEADCOUNT', 'RECRUIT_SCOPE'],
  records: ['CATEGORY', 'SOURCE'],
  minutes: ['CATEGORY', 'SOURCE'],
};

export type Dimension = keyof typeof zh;

const zh = {
  AGE: '年龄',
  SEX: '性别',
  STAR: '星级',
  HOURS: '服务时长',
  CATEGORY: '服务类别',
  EDUCATION: '学历',
  EMPLOYMENT: '从业状况',
  POLITICAL_STATUS: '政治面貌',
  REGISTRATION_STATUS: '登记状态',
  KIND: '团体类型',
  PERMISSION_GROUP: '权限组别',
  STATUS: '项目状态',
  TARGET: '服务对象',
  HEADCOUNT: '计划人数',
  RECRUIT_SCOPE: '招募范围',
  SOURCE: '记录来源',
  SKILL: '专业特长',
  ID_TYPE: '证件类型',
  SIZE: '队伍人数',
};

const en: Record<Dimension, string> = {
  AGE: 'Age',
  SEX: 'Sex',
  STAR: 'Stars',
  HOURS: 'Hours of service',
  CATEGORY: 'Category of service',
  EDUCATION: 'Education',
  EMPLOYMENT: 'Employment',
  POLITICAL_STATUS: 'Political status',
  REGISTRATION_STATUS: 'Registration',
  KIND: 'Kind of team',
  PERMISSION_GROUP: 'Permission group',
  STATUS: 'State of the project',
  TARGET: 'Whom it serves',
  HEADCOUNT: 'Planned persons',
  RECRUIT_SCOPE: 'Recruitment',
  SOURCE: 'Source of the record',
  SKILL: 'Skill',
  ID_TYPE: 'Kind of document',
  SIZE: 'Members',
};

export const DIMENSION_NAMES: Record<Language, Record<Dimension, string>> = { 'zh-CN': zh, en };

type Names = Readonly<Record<string, readonly [zh: string, en: string]>>;

/** Values that are words in the schema; scales and names of categories say themselves. */
const VALUES: Names = {
  NONE: ['未填写', 'Not given'],
  OTHER: ['其他', 'Other'],
  UNKNOWN: ['未知', 'Unknown'],
  MALE: ['男', 'Male'],
  FEMALE: ['女', 'Female'],
  UNSPECIFIED: ['未说明', 'Not stated'],
  LEGAL_PERSON: ['法人组织', 'Legal person'],
  UNREGISTERED: ['未登记', 'Not registered'],
  FILED: ['备案', 'Filed'],
  GROUP: ['志愿服务队伍', 'Group'],
  ORGANIZATION: ['志愿服务组织', 'Organisation'],
  OTHER_LEGAL: ['其他法人', 'Other legal person'],
  PENDING: ['待审团体组', 'Pending'],
  BASIC: ['基本团体组', 'Basic'],
  JUNIOR_PROJECT: ['初级团体组（项目）', 'Junior (projects)'],
  JUNIOR_TEAM: ['初级团体组（团体）', 'Junior (teams)'],
  JUNIOR_QUICK: ['初级团体组（快审）', 'Junior (quick review)'],
  MIDDLE: ['中级团体组', 'Middle'],
  MIDDLE_QUICK: ['中级团体组（快审）', 'Middle (quick review)'],
  SENIOR: ['高级团体组', 'Senior'],
  SENIOR_QUICK: ['高级团体组（快审）', 'Senior (quick review)'],
  WAITING: ['待启动', 'Waiting'],
  RUNNING: ['运行中', 'Running'],
  CLOSED: ['已结项', 'Closed'],
  MAKE_UP: ['补录', 'Made up'],
  OPEN: ['公开招募', 'Public'],
  TEAMS: ['指定队伍招募', 'Listed teams'],
  PASSWORD: ['免审密码招募', 'By password'],
  TEAM_ENTRY: ['团体录入', 'Entered by the team'],
  VOLUNTEER_APPLICATION: ['个人申请', 'Applied for'],
  CHECK_IN: ['签到签退', 'Checked in'],
  IMPORT: ['导入', 'Imported'],
  RESIDENT_ID: ['居民身份证', 'Resident identity card'],
  HK_MO_TW_PERMIT: ['港澳台居民证件', 'Hong Kong, Macao or Taiwan permit'],
  PASSPORT: ['护照', 'Passport'],
  FOREIGN_RESIDENT: ['外国人永久居留证', 'Foreign resident card'],
  急救: ['急救', 'First aid'],
  医疗护理: ['医疗护理', 'Nursing'],
  心理疏导: ['心理疏导', 'Counselling'],
  手语: ['手语', 'Sign language'],
  外语: ['外语', 'Foreign languages'],
  法律咨询: ['法律咨询', 'Legal advice'],
  教学: ['教学', 'Teaching'],
  计算机: ['计算机', 'Computing'],
  摄影: ['摄影', 'Photography'],
  文艺表演: ['文艺表演', 'Performing'],
  书画: ['书画', 'Painting and calligraphy'],
  写作: ['写作', 'Writing'],
  体育: ['体育', 'Sport'],
  理发: ['理发', 'Hairdressing'],
  烹饪: ['烹饪', 'Cooking'],
  家电维修: ['家电维修', 'Repair of appliances'],
  水电维修: ['水电维修', 'Plumbing and wiring'],
  驾驶: ['驾驶', 'Driving'],
  消防: ['消防', 'Fire fighting'],
};

/** National codes: GB/T 4658 (education), GB/T 2261.4 (employment), GB/T 4762 (politics). */
const CODES: Partial<Record<Dimension, Names>> = {
  EDUCATION: {
    '10': ['研究生', 'Postgraduate'],
    '20': ['大学本科', 'University'],
    '30': ['大学专科', 'College'],
    '40': ['中等职业教育', 'Vocational school'],
    '60': ['高中', 'Senior middle school'],
    '70': ['初中', 'Junior middle school'],
    '80': ['小学', 'Primary school'],
    '90': ['其他', 'Other'],
  },
  EMPLOYMENT: {
    '11': ['国家公务员', 'Civil servant'],
    '13': ['专业技术人员', 'Specialist'],
    '17': ['职员', 'Employee'],
    '21': ['企业管理人员', 'Manager'],
    '24': ['工人', 'Worker'],
    '27': ['农民', 'Farmer'],
    '31': ['学生', 'Student'],
    '37': ['现役军人', 'In the forces'],
    '51': ['自由职业者', 'Freelance'],
    '54': ['个体经营者', 'Self-employed'],
    '70': ['无业人员', 'Without work'],
    '80': ['退（离）休人员', 'Retired'],
    '90': ['其他', 'Other'],
  },
  POLITICAL_STATUS: {
    '01': ['中共党员', 'Party member'],
    '02': ['中共预备党员', 'Probationary party member'],
    '03': ['共青团员', 'Youth League member'],
    '04': ['民革党员', 'Revolutionary Committee'],
    '05': ['民盟盟员', 'Democratic League'],
    '06': ['民建会员', 'National Construction'],
    '07': ['民进会员', 'Promoting Democracy'],
    '08': ['农工党党员', 'Peasants and Workers'],
    '09': ['致公党党员', 'Zhi Gong'],
    '10': ['九三学社社员', 'Jiusan Society'],
    '11': ['台盟盟员', 'Taiwan League'],
    '12': ['无党派人士', 'Independent'],
    '13': ['群众', 'None'],
  },
};

const SCALES: Partial<Record<Dimension, Record<Language, (value: string) => string>>> = {
  AGE: { 'zh-CN': (value) => `${bounds(value)} 岁`, en: bounds },
  HOURS: { 'zh-CN': (value) => `${bounds(value)} 小时`, en: (value) => `${bounds(value)} h` },
  HEADCOUNT: { 'zh-CN': (value) => `${bounds(value)} 人`, en: bounds },
  SIZE: { 'zh-CN': (value) => `${bounds(value)} 人`, en: bounds },
  STAR: { 'zh-CN': (value) => `${value} 星`, en: (value) => `${value} ★` },
};

/** `UNDER_14` is `<14`, `60_AND_OVER` is `≥60`, `14_17` is `14–17`. */
function bounds(value: string): string {
  const under = /^UNDER_(\d+)$/.exec(value);
  const over = /^(\d+)_AND_OVER$/.exec(value);
  if (under) return `<${under[1]}`;
  if (over) return `≥${over[1]}`;
  return value.replace('_', '–');
}

export function valueName(
  dimension: Dimension,
  value: string,
  categories: ReadonlyMap<string, string>,
  language: Language,
): string {
  const scale = SCALES[dimension];
  if (scale) return scale[language](value);
  // Categories and national codes are both of two digits.
  const category = dimension === 'CATEGORY' ? categories.get(value) : undefined;
  const named = CODES[dimension]?.[value] ?? VALUES[value];
  return category ?? (named ? named[language === 'en' ? 1 : 0] : value);
}
