import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Session } from '../session/session';
import { TEXTS, preferredLanguage, rememberLanguage, type Language } from '../texts';
import { Bar } from './Bar';
import { namingCurrentOperation } from './currentOperation';
import { EXAMPLES } from './examples';

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

/** GraphiQL under a bar that says who asks. */
export function Page({ url, session }: { url: string; session: Session }) {
  const account = useSyncExternalStore(session.subscribe, session.account);
  const capacity = useSyncExternalStore(session.subscribe, session.capacity);
  const [language, setLanguage] = useState<Language>(preferredLanguage);
  const texts = TEXTS[language];

  // Each capacity has a schema of its own: a new fetcher makes GraphiQL ask for it again.
  const viewer = `${account?.displayName}/${capacity?.key}`;
  const fetcher = useMemo(
    () => namingCurrentOperation(createGraphiQLFetcher({ url, fetch: session.fetch })),
    [url, session, viewer],
  );

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `GraphiQL · ${texts.title}`;
    rememberLanguage(language);
  }, [language, texts]);

  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={EXAMPLES.find(({ role }) => role === 'PUBLIC')?.document}
      inputValueDeprecation
      schemaDescription
    >
      <HistoryStore>
        <DocExplorerStore>
          <Bar
            session={session}
            account={account}
            capacity={capacity}
            texts={texts}
            language={language}
            onLanguage={setLanguage}
          />
          <GraphiQLInterface defaultEditorToolsVisibility={false} showPersistHeadersSettings={false}>
            <GraphiQL.Logo>
              <span />
            </GraphiQL.Logo>
          </GraphiQLInterface>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
