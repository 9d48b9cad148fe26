import { sha256 } from "./canonical.ts";

/** What stands for a session where it is stored: 16 hex digits. A session's name may be a person's. */
export function sessionHash(session: string): string {
  return sha256(`session\n${session}`).slice(0, 16);
}
