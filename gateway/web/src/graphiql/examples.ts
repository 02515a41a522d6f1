import { ROLES, type Role } from '../session/documents';
import type { Language } from '../texts';

export interface Example {
  readonly role: Role;
  readonly titles: Record<Language, string>;
  readonly document: string;
}

const files = import.meta.glob<string>('../../examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * The documents of `examples/`, in the order of their file names.
 *
 * A file is named `<role>-<number>-<noun>.graphql`; its first two lines are its titles,
 * `# zh: …` and `# en: …`, the rest is the document.
 */
export const EXAMPLES: readonly Example[] = Object.entries(files)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([path, text]) => {
    const role = ROLES.find((name) => path.includes(`/${name.toLowerCase()}-`));
    const found = /^# zh: (.+)\n# en: (.+)\n+([^]+)$/.exec(text);
    const [, zh, en, document] = found ?? [];
    if (!role || !zh || !en || !document) throw new Error(`${path} is not an example document`);
    return { role, titles: { 'zh-CN': zh, en }, document };
  });
