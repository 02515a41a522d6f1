import {
  CHANGE_PASSWORD,
  REFRESH_SESSION,
  SIGN_IN,
  type Account,
  type Capacity,
  type SessionPayload,
} from './documents';

const STORAGE_KEY = 'volunteer-gateway.session';

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: Account;
  readonly actingAs: string | null;
}

/** The gateway refused; the message is a sentence for people. */
export class Refused extends Error {}

/**
 * Who is signed in on this browser tab, and in which capacity.
 *
 * Tokens are kept in sessionStorage: they end with the tab, and a new tab has none, for a refresh
 * token may be used only once.
 */
export class Session {
  readonly #url: string;
  readonly #listeners = new Set<() => void>();
  #signedIn: SignedIn | null = restore();
  #refreshing: Promise<void> | null = null;
  #changing: string | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly account = (): Account | null => this.#signedIn?.account ?? null;

  /** The capacity in use, or null when nobody is signed in. */
  readonly capacity = (): Capacity | null => {
    const { account, actingAs } = this.#signedIn ?? {};
    return account?.capacities.find(({ key }) => key === actingAs) ?? null;
  };

  /** False if the account has a first password, which opens nothing but its own change. */
  async signIn(username: string, password: string): Promise<boolean> {
    const payload = await this.#ask(SIGN_IN, { username, password });
    if (payload.account?.mustChangePassword) {
      this.#changing = payload.accessToken;
      return false;
    }
    this.#keep(payload);
    return true;
  }

  /** Changes the first password of who has just signed in; the session begins under the new one. */
  async changePassword(current: string, wanted: string): Promise<void> {
    this.#keep(await this.#ask(CHANGE_PASSWORD, { current, wanted }, this.#changing));
    this.#changing = null;
  }

  signOut(): void {
    this.#set(null);
  }

  actAs(key: string): void {
    if (this.#signedIn) this.#set({ ...this.#signedIn, actingAs: key });
  }

  /** `fetch` with the tokens of the session; an expired access token is renewed once. */
  readonly fetch: typeof fetch = async (input, init) => {
    const used = this.#signedIn?.accessToken;
    const response = await fetch(input, this.#authorized(init));
    if (response.status !== 401 || used === undefined) return response;
    await this.#renew(used);
    return this.#signedIn ? fetch(input, this.#authorized(init)) : response;
  };

  #authorized(init: RequestInit | undefined): RequestInit {
    const headers = new Headers(init?.headers);
    if (this.#signedIn && !headers.has('Authorization')) {
      headers.set('Authorization', `Bearer ${this.#signedIn.accessToken}`);
      const { actingAs } = this.#signedIn;
      if (actingAs !== null && !headers.has('X-Acting-As')) headers.set('X-Acting-As', actingAs);
    }
    return { ...init, headers };
  }

  /** Calls that fail together share one renewal: a refresh token is good for one use. */
  async #renew(expired: string): Promise<void> {
    if (this.#signedIn?.accessToken !== expired) return;
    const { refreshToken } = this.#signedIn;
    this.#refreshing ??= this.#ask(REFRESH_SESSION, { refreshToken })
      .then((payload) => this.#keep(payload))
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        this.#set(null);
      })
      .finally(() => {
        this.#refreshing = null;
      });
    await this.#refreshing;
  }

  async #ask(
    query: string,
    variables: Record<string, string>,
    token: string | null = null,
  ): Promise<SessionPayload> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json().catch(() => ({}))) as {
      data?: { session?: SessionPayload | null } | null;
      errors?: readonly { message: string }[];
    };
    const payload = answer.data?.session;
    const messages = answer.errors ?? payload?.userErrors ?? [];
    if (messages.length > 0) throw new Refused(messages.map(({ message }) => message).join(' '));
    if (!payload) throw new Error(`HTTP ${response.status}`);
    return payload;
  }

  #keep({ accessToken, refreshToken, account }: SessionPayload): void {
    if (accessToken === null || refreshToken === null || account === null) {
      throw new Error('The answer holds no token.');
    }
    const keys = account.capacities.map(({ key }) => key);
    const kept = this.#signedIn?.actingAs ?? '';
    const actingAs = keys.includes(kept) ? kept : (keys[0] ?? null);
    this.#set({ accessToken, refreshToken, account, actingAs });
  }

  #set(signedIn: SignedIn | null): void {
    this.#signedIn = signedIn;
    if (signedIn) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(signedIn));
    else sessionStorage.removeItem(STORAGE_KEY);
    for (const listener of this.#listeners) listener();
  }
}

function restore(): SignedIn | null {
  const stored = sessionStorage.getItem(STORAGE_KEY);
  return stored === null ? null : (JSON.parse(stored) as SignedIn);
}
