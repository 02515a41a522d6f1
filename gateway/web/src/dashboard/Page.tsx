import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { LanguageButton } from '../LanguageButton';
import type { Capacity } from '../session/documents';
import type { Session } from '../session/session';
import { Viewer } from '../session/Viewer';
import { TEXTS, preferredLanguage, rememberLanguage, type Language } from '../texts';
import type { Gateway } from './ask';
import { Dashboard } from './Dashboard';
import { DASHBOARD_TEXTS } from './texts';

/** The dashboard under a bar that says who asks; for hubs and departments. */
export function Page({ session, gateway }: { session: Session; gateway: Gateway }) {
  const account = useSyncExternalStore(session.subscribe, session.account);
  const chosen = useSyncExternalStore(session.subscribe, session.capacity);
  const [language, setLanguage] = useState<Language>(preferredLanguage);
  const [place, setPlace] = useState<string | null>(null);
  const texts = DASHBOARD_TEXTS[language];
  const capacities = useMemo(() => account?.capacities.filter(isOverseer) ?? [], [account]);
  const capacity = chosen && isOverseer(chosen) ? chosen : null;

  // Of an account's capacities the first that has statistics is the one to begin with.
  const first = capacities[0]?.key;
  useEffect(() => {
    if (!capacity && first !== undefined) session.actAs(first);
  }, [session, capacity, first]);

  useEffect(() => {
    document.documentElement.lang = language;
    rememberLanguage(language);
  }, [language]);
  useEffect(() => {
    document.title = place === null ? texts.title : `${place} · ${texts.title}`;
  }, [place, texts]);

  return (
    <>
      <header className="bar">
        <h1>{texts.title}</h1>
        <LanguageButton language={language} texts={TEXTS[language]} onLanguage={setLanguage} />
        <Viewer
          session={session}
          account={account}
          capacity={capacity}
          capacities={capacities}
          texts={TEXTS[language]}
        />
      </header>
      {!account ? (
        <p className="notice">{texts.needsSignIn}</p>
      ) : capacities.length === 0 ? (
        <p className="notice">{texts.needsCapacity}</p>
      ) : (
        capacity && (
          <Dashboard
            key={capacity.key}
            gateway={gateway}
            session={session}
            capacity={capacity}
            language={language}
            onPlace={setPlace}
          />
        )
      )}
    </>
  );
}

function isOverseer({ role }: Capacity): boolean {
  return role === 'HUB' || role === 'DEPARTMENT';
}
