import { useState } from 'react';
import type { Account, Capacity } from '../session/documents';
import type { Session } from '../session/session';
import type { Language, Texts } from '../texts';
import { ExamplesMenu } from './ExamplesMenu';
import { SignIn } from './SignIn';

interface BarProps {
  readonly session: Session;
  readonly account: Account | null;
  readonly capacity: Capacity | null;
  readonly texts: Texts;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

/** Title, examples, language, who is signed in and in which capacity. */
export function Bar({ session, account, capacity, texts, language, onLanguage }: BarProps) {
  const [asking, setAsking] = useState(false);
  const role = capacity?.role ?? 'PUBLIC';

  return (
    <header className="bar">
      <h1>
        {texts.title} <small>GraphiQL</small>
      </h1>
      <ExamplesMenu role={role} texts={texts} language={language} />
      <button
        type="button"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        onClick={() => onLanguage(language === 'en' ? 'zh-CN' : 'en')}
      >
        {texts.otherLanguage}
      </button>
      <div className="viewer">
        {account ? (
          <>
            <label>
              <span>{texts.actingAs}</span>
              <select
                name="actingAs"
                value={capacity?.key}
                onChange={(event) => session.actAs(event.target.value)}
              >
                {account.capacities.map(({ key, label, role: held }) => (
                  <option key={key} value={key}>
                    {label} · {texts.roles[held]}
                  </option>
                ))}
              </select>
            </label>
            <span className="name">{account.displayName}</span>
            <button type="button" onClick={() => session.signOut()}>
              {texts.signOut}
            </button>
          </>
        ) : (
          <>
            <span className="name">{texts.visitor}</span>
            <button type="button" className="primary" onClick={() => setAsking(true)}>
              {texts.signIn}
            </button>
          </>
        )}
      </div>
      {asking && <SignIn session={session} texts={texts} onClose={() => setAsking(false)} />}
    </header>
  );
}
