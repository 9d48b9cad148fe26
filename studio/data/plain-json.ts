import { plainCharacters } from "../../shared/report/plain-characters.ts";

// Escaped in JSON or as they are: most answers hold none, and are then not walked through.
const UNUSUAL = /\\u00|\\ud[89a-f]|\\[rbf]|[\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/i;

/** What JSON says, its texts and names without characters that show as something else than they are. */
export function parsePlainJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return UNUSUAL.test(text) ? plain(value) : value;
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return plainCharacters(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]): [string, unknown] => [plainCharacters(name), plain(held)]),
  );
}
