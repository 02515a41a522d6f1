import { useId, type ReactNode } from 'react';
import { AskFailed, type Answer } from './ask';
import type { DashboardTexts } from './texts';

interface SectionProps<T> {
  readonly title: string;
  readonly answer: Answer<T> & { readonly again: () => void };
  readonly texts: DashboardTexts;
  readonly aside?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A part of the page with an answer of its own: awaited, there, or failed with a way to try again. */
export function Section<T>({ title, answer, texts, aside, children }: SectionProps<T>) {
  const heading = useId();

  return (
    <section className="card" aria-labelledby={heading} aria-busy={answer.state === 'asking'}>
      <header>
        <h2 id={heading}>{title}</h2>
        {aside}
      </header>
      {answer.state === 'failed' ? (
        <div role="alert" className="failure">
          <p>
            {texts.failed} <small>{answer.error instanceof AskFailed ? answer.error.message : ''}</small>
          </p>
          <button type="button" onClick={answer.again}>
            {texts.again}
          </button>
        </div>
      ) : answer.data === null ? (
        <p className="awaited">{texts.loading}</p>
      ) : (
        children(answer.data)
      )}
    </section>
  );
}
