import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Refused, type Session } from './session';
import type { Texts } from '../texts';

interface SignInProps {
  readonly session: Session;
  readonly texts: Texts;
  readonly onClose: () => void;
}

/** The sign-in form, as a modal dialog. */
export function SignIn({ session, texts, onClose }: SignInProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [first, setFirst] = useState<string | null>(null);

  useEffect(() => dialog.current?.showModal(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setRefusal(null);
    try {
      if (first !== null) {
        await session.changePassword(first, String(form.get('newPassword')));
      } else {
        const password = String(form.get('password'));
        if (!(await session.signIn(String(form.get('username')), password))) {
          setFirst(password);
          setBusy(false);
          return;
        }
      }
      onClose();
    } catch (error) {
      setRefusal(error instanceof Refused ? error.message : texts.unreachable);
      setBusy(false);
    }
  }

  return (
    <dialog ref={dialog} className="sign-in" aria-labelledby="sign-in-title" onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="sign-in-title">{texts.signIn}</h2>
        {first === null ? (
          <>
            <label>
              {texts.username}
              <input
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                required
                autoFocus
              />
            </label>
            <label>
              {texts.password}
              <input name="password" type="password" autoComplete="current-password" required />
            </label>
          </>
        ) : (
          <>
            <p>{texts.firstPassword}</p>
            <label>
              {texts.newPassword}
              <input
                key="new"
                name="newPassword"
                type="password"
                autoComplete="new-password"
                required
                autoFocus
              />
            </label>
          </>
        )}
        <p className="refusal" role="alert">
          {refusal}
        </p>
        <div className="actions">
          <button type="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="primary" disabled={busy}>
            {busy ? texts.signingIn : texts.signIn}
          </button>
        </div>
      </form>
    </dialog>
  );
}
