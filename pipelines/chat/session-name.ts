import { ChatError } from "./chat-error.ts";

/** As a header carries it: all of a header's names and values together may have 16 KB. */
const MOST_CHARACTERS = 1_000;

/**
 * The session that a client names: in the header, where letters that no header carries stand as `%` and two digits, or
 * in the body, as it is. Undefined where it names none. Throws `ChatError` for a name that no header could tell it:
 * what the answer's header says, sent back, is the same session.
 */
export function sessionName(
  header: string | null | undefined,
  body: string | undefined,
  field: string,
): string | undefined {
  const inHeader = header?.trim();
  const session = inHeader ? decodedSession(inHeader).trim() || inHeader : body?.trim();
  if (!session) return undefined;
  const where = inHeader ? "x-flowgate-session" : field;
  if (!session.isWellFormed()) throw refusal("holds half a letter (a lone surrogate)", where);
  const { length } = encodedSession(session);
  if (length > MOST_CHARACTERS) {
    throw refusal(`takes ${length} characters in a header; at most ${MOST_CHARACTERS} are taken`, where);
  }
  return session;
}

/** For a header. Throws `URIError` for a name that `sessionName` refuses. */
export function encodedSession(session: string): string {
  return session.replace(/[^\x20-\x7e]+|%/g, encodeURIComponent);
}

/** Of a header; what was not encoded is taken as it is. */
export function decodedSession(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}

function refusal(what: string, where: string): ChatError {
  const message = `${where}: the session's name ${what}. Send a short id instead.`;
  return new ChatError(400, "invalid_request_error", "invalid_session", message, where);
}
