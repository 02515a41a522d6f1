import type { Role } from './session/documents';

const zh = {
  title: '志愿服务网关',
  signIn: '登录',
  signOut: '退出登录',
  signingIn: '正在登录…',
  cancel: '取消',
  username: '用户名',
  password: '密码',
  firstPassword: '这是初始密码，请先设置新密码。',
  newPassword: '新密码',
  actingAs: '身份',
  visitor: '未登录（公众）',
  examples: '示例',
  unreachable: '无法连接网关，请稍后再试。',
  otherLanguage: 'English',
  roles: {
    PUBLIC: '公众',
    VOLUNTEER: '志愿者',
    TEAM: '团体',
    HUB: '枢纽型团体',
    DEPARTMENT: '管理部门',
    PARTNER: '合作系统',
  } satisfies Record<Role, string> as Record<Role, string>,
};

export type Texts = typeof zh;

const en: Texts = {
  title: 'Volunteer gateway',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signingIn: 'Signing in…',
  cancel: 'Cancel',
  username: 'Username',
  password: 'Password',
  firstPassword: 'This is a first password: choose one of your own.',
  newPassword: 'New password',
  actingAs: 'Acting as',
  visitor: 'Not signed in (public)',
  examples: 'Examples',
  unreachable: 'The gateway cannot be reached; try again later.',
  otherLanguage: '中文',
  roles: {
    PUBLIC: 'Public',
    VOLUNTEER: 'Volunteer',
    TEAM: 'Team',
    HUB: 'Hub',
    DEPARTMENT: 'Department',
    PARTNER: 'Partner',
  },
};

export type Language = 'zh-CN' | 'en';

export const TEXTS: Record<Language, Texts> = { 'zh-CN': zh, en };

const STORAGE_KEY = 'volunteer-gateway.language';

/** The language chosen here before, else the browser's, else English. */
export function preferredLanguage(): Language {
  const wanted = localStorage.getItem(STORAGE_KEY) ?? navigator.language;
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
