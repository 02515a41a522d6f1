import { useEffect, useState } from 'react';
import type { Session } from '../session/session';

/** The gateway answered with errors; the codes are those of its error table. */
export class AskFailed extends Error {
  constructor(
    message: string,
    readonly codes: readonly string[],
  ) {
    super(message);
  }
}

/** Sends registered documents by their ids, as the client `dashboard`. */
export class Gateway {
  readonly #url: string;
  readonly #session: Session;

  constructor(url: string, session: Session) {
    this.#url = url;
    this.#session = session;
  }

  async ask<T>(documentId: string, variables: object, signal?: AbortSignal): Promise<T> {
    const response = await this.#session.fetch(this.#url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'GraphQL-Client-Name': 'dashboard',
      },
      body: JSON.stringify({ documentId, variables }),
      ...(signal ? { signal } : {}),
    });
    const answer = (await response.json().catch(() => ({}))) as {
      data?: T | null;
      errors?: readonly { message: string; extensions?: { code?: string } }[];
    };
    if (answer.errors?.length) {
      throw new AskFailed(
        answer.errors.map(({ message }) => message).join(' '),
        answer.errors.flatMap(({ extensions }) => extensions?.code ?? []),
      );
    }
    if (!answer.data) throw new AskFailed(`HTTP ${response.status}`, []);
    return answer.data;
  }
}

export type Answer<T> =
  | { readonly state: 'asking'; readonly data: T | null }
  | { readonly state: 'answered'; readonly data: T }
  | { readonly state: 'failed'; readonly data: null; readonly error: Error };

/**
 * The answer to a document, asked again when its variables or the capacity change.
 *
 * While a new answer is awaited the last one stays, so that a section does not flicker. Null
 * variables ask nothing yet.
 */
export function useAnswer<T>(
  gateway: Gateway,
  capacity: string,
  documentId: string,
  variables: object | null,
): Answer<T> & { readonly again: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'asking', data: null });
  const [times, setTimes] = useState(0);
  const asked = variables === null ? null : JSON.stringify(variables);

  useEffect(() => {
    if (asked === null) return;
    const stop = new AbortController();
    setAnswer(({ data }) => ({ state: 'asking', data }));
    gateway
      .ask<T>(documentId, JSON.parse(asked) as object, stop.signal)
      .then((data) => setAnswer({ state: 'answered', data }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setAnswer({ state: 'failed', data: null, error: error as Error });
      });
    return () => stop.abort();
  }, [gateway, capacity, documentId, asked, times]);

  return { ...answer, again: () => setTimes((count) => count + 1) };
}
