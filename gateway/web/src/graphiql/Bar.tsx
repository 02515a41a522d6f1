import { LanguageButton } from '../LanguageButton';
import type { Account, Capacity } from '../session/documents';
import type { Session } from '../session/session';
import { Viewer } from '../session/Viewer';
import type { Language, Texts } from '../texts';
import { ExamplesMenu } from './ExamplesMenu';

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
  return (
    <header className="bar">
      <h1>
        {texts.title} <small>GraphiQL</small>
      </h1>
      <ExamplesMenu role={capacity?.role ?? 'PUBLIC'} texts={texts} language={language} />
      <LanguageButton language={language} texts={texts} onLanguage={onLanguage} />
      <Viewer session={session} account={account} capacity={capacity} texts={texts} />
    </header>
  );
}
