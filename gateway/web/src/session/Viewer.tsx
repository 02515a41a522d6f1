import { useState } from 'react';
import type { Texts } from '../texts';
import type { Account, Capacity } from './documents';
import type { Session } from './session';
import { SignIn } from './SignIn';

interface ViewerProps {
  readonly session: Session;
  readonly account: Account | null;
  readonly capacity: Capacity | null;
  /** The capacities to choose from, where a page is not for all of them. */
  readonly capacities?: readonly Capacity[];
  readonly texts: Texts;
}

/** Who is signed in and in which capacity, with the switches of both. */
export function Viewer({ session, account, capacity, capacities, texts }: ViewerProps) {
  const [asking, setAsking] = useState(false);

  return (
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
              {(capacities ?? account.capacities).map(({ key, label, role: held }) => (
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
      {asking && <SignIn session={session} texts={texts} onClose={() => setAsking(false)} />}
    </div>
  );
}
