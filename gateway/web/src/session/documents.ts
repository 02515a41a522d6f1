/** The documents the pages themselves send: everything they need to know of the schema is here. */

import CHANGE_PASSWORD from '../../documents/session/volunteer-team-hub-department/change-password.graphql?raw';
import REFRESH_SESSION from '../../documents/session/public/refresh-session.graphql?raw';
import SIGN_IN from '../../documents/session/public/sign-in.graphql?raw';

export const ROLES = ['PUBLIC', 'VOLUNTEER', 'TEAM', 'HUB', 'DEPARTMENT', 'PARTNER'] as const;
export type Role = (typeof ROLES)[number];

/** One way in which the account may act; the key is the value of the header X-Acting-As. */
export interface Capacity {
  readonly key: string;
  readonly label: string;
  readonly role: Role;
}

export interface Account {
  readonly displayName: string;
  readonly mustChangePassword?: boolean;
  readonly capacities: readonly Capacity[];
}

export interface UserError {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

/** What signIn, changePassword and refreshSession answer. */
export interface SessionPayload {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly account: Account | null;
  readonly userErrors: readonly UserError[];
}

export { CHANGE_PASSWORD, REFRESH_SESSION, SIGN_IN };
