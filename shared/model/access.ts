/** What a caller may do: read what was decided, decide, or chat with production. */
export const ROLES = ["reader", "operator", "chat"] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as the ledger names them. */
export interface Caller {
  name: string;
  roles: readonly Role[];
}

/** An operator may do everything; the others what their name says. */
export function mayAct({ roles }: Pick<Caller, "roles">, needed: Role): boolean {
  return roles.includes(needed) || roles.includes("operator");
}
