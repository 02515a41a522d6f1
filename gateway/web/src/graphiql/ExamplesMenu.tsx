import { DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { ROLES, type Role } from '../session/documents';
import type { Language, Texts } from '../texts';
import { EXAMPLES } from './examples';

interface ExamplesMenuProps {
  readonly role: Role;
  readonly texts: Texts;
  readonly language: Language;
}

/** Example documents by role, those of the role in use first; a choice has its own tab. */
export function ExamplesMenu({ role, texts, language }: ExamplesMenuProps) {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const tabs = useGraphiQL((state) => state.tabs);
  const { addTab, changeTab } = useGraphiQLActions();
  const groups = [role, ...ROLES.filter((other) => other !== role)]
    .map((group) => ({ group, examples: EXAMPLES.filter((example) => example.role === group) }))
    .filter(({ examples }) => examples.length > 0);

  function open(document: string) {
    if (!queryEditor) return;
    const opened = tabs.findIndex(({ query }) => query === document);
    if (opened >= 0) {
      changeTab(opened);
    } else {
      if (queryEditor.getValue().trim() !== '') addTab();
      queryEditor.setValue(document);
    }
    queryEditor.focus();
  }

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="menu-button" disabled={!queryEditor}>
        {texts.examples} <span aria-hidden="true">▾</span>
      </DropdownMenu.Button>
      <DropdownMenu.Content className="examples" collisionPadding={8}>
        {groups.map(({ group, examples }) => (
          <div key={group} role="group" aria-label={texts.roles[group]}>
            <div className="group-title">{texts.roles[group]}</div>
            {examples.map(({ titles, document }) => (
              <DropdownMenu.Item key={titles.en} onSelect={() => open(document)}>
                {titles[language]}
              </DropdownMenu.Item>
            ))}
          </div>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
