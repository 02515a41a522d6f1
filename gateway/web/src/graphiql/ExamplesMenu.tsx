import { DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { ROLES, type Role } from '../session/documents';
import type { Language, Texts } from '../texts';
import { EXAMPLES } from './examples';

interface ExamplesMenuProps {
  readonly role: Role;
  readonly texts: Texts;
  readonly language: Language;
}

/** Example documents by role, those of the role in use first; a choice opens in its own tab. */
export function ExamplesMenu({ role, texts, language }: ExamplesMenuProps) {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const { addTab } = useGraphiQLActions();
  const roles = [role, ...ROLES.filter((other) => other !== role)];

  function open(document: string) {
    if (!queryEditor) return;
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(document);
    queryEditor.focus();
  }

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="menu-button" disabled={!queryEditor}>
        {texts.examples} <span aria-hidden="true">▾</span>
      </DropdownMenu.Button>
      <DropdownMenu.Content align="start" className="graphiql-dropdown-content examples">
        {roles.map((group) => (
          <div key={group} role="group" aria-label={texts.roles[group]}>
            <div className="group-title">{texts.roles[group]}</div>
            {EXAMPLES.filter((example) => example.role === group).map(({ titles, document }) => (
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
