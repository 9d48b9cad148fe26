import { literal, type Segment } from "./segment.ts";

const ROLES = ["system", "user", "assistant", "developer", "function", "tool"] as const;
type Role = (typeof ROLES)[number];

/** A message before its content is put together. */
export interface ParsedMessage {
  role: Role;
  /** Of the marker: `user[name="Alice"]:`. */
  attributes: Record<string, string | number | boolean>;
  segments: Segment[];
}

const MARKER = new RegExp(`^(?:#\\s*)?(${ROLES.join("|")})\\s*(\\[[^\\]]*\\])?\\s*:$`, "i");
const ATTRIBUTE = /(\w+)\s*=\s*(?:"([^"]*)"|([^",\]]*))/g;
const LONGEST_MARKER = 500;

/**
 * Divides rendered text into messages at the role markers: a role's name and a colon, alone on a line that the
 * template's author wrote whole. Text before the first marker is a system message. A value can open a message in one
 * case only, the loop over a history whose line is `{{ message.role }}:`, and there only as user or assistant.
 */
export function parseMessages(segments: Segment[]): ParsedMessage[] {
  const messages: ParsedMessage[] = [];
  let current: ParsedMessage = { role: "system", attributes: {}, segments: [] };
  let opened = false;
  const close = (): void => {
    if (opened || textOf(current.segments).trim() !== "") messages.push(current);
  };
  for (const line of linesOf(segments)) {
    const marker = markerOf(line);
    if (marker === undefined) {
      current.segments.push(...line, literal("\n"));
      continue;
    }
    close();
    opened = true;
    current = { ...marker, segments: [] };
  }
  close();
  return messages;
}

export function textOf(segments: Segment[]): string {
  return segments.map(({ text }) => text).join("");
}

/** The lines as the author wrote them: only a literal newline ends one. */
function linesOf(segments: Segment[]): Segment[][] {
  let line: Segment[] = [];
  const lines = [line];
  for (const segment of segments) {
    if (segment.kind === "interpolated") {
      line.push(segment);
      continue;
    }
    const [first = "", ...rest] = segment.text.split("\n");
    if (first !== "") line.push(literal(first));
    for (const text of rest) {
      line = text === "" ? [] : [literal(text)];
      lines.push(line);
    }
  }
  return lines;
}

function markerOf(line: Segment[]): Omit<ParsedMessage, "segments"> | undefined {
  const values = line.filter(({ kind }) => kind === "interpolated");
  const text = textOf(line).trim();
  if (text.length > LONGEST_MARKER || !text.endsWith(":")) return undefined;
  const found = MARKER.exec(text);
  if (found === null) return undefined;
  const role = (found[1] ?? "").toLowerCase() as Role;
  const written = values.length === 0;
  const ofHistory =
    values.length === 1 &&
    values[0]?.path?.endsWith(".role") === true &&
    values[0].text.trim().toLowerCase() === role &&
    (role === "user" || role === "assistant");
  return written || ofHistory ? { role, attributes: attributesOf(found[2] ?? "") } : undefined;
}

function attributesOf(text: string): ParsedMessage["attributes"] {
  const entries = [...text.matchAll(ATTRIBUTE)].map(([, name = "", quoted, bare = ""]) => {
    const value = (quoted ?? bare).trim();
    if (/^(true|false)$/i.test(value)) return [name, value.toLowerCase() === "true"] as const;
    return [name, /^\d+(\.\d+)?$/.test(value) ? Number(value) : value] as const;
  });
  // A nonce is how other runtimes tell their own markers from those of inputs; it is no fact about the message.
  return Object.fromEntries(entries.filter(([name]) => name !== "nonce"));
}
