import { messageTies, type HistoryKind, type MessageTies } from "./chat-history.ts";
import { isInstruction, MESSAGE_ROLES, roleOf, type MessageRole } from "./message-role.ts";
import { RenderError } from "./render-error.ts";
import { roleRemedy } from "./role-remedy.ts";
import { literal, type Segment } from "./segment.ts";

/** A message before its content is put together. */
export interface ParsedMessage {
  role: MessageRole;
  /** Of the marker, where it has any: `user[name="Alice"]:`. */
  attributes?: Record<string, string | number | boolean> | undefined;
  /** Of the history's item whose role the marker is. */
  ties?: MessageTies;
  segments: Segment[];
}

/** What is known of the inputs that a template prints roles of. */
export interface RoleSources {
  /** Undefined: the input is no history, and its items' roles are text as any other. */
  kindOf(input: string): HistoryKind | undefined;
  /** What its items have as their role, in lower case; "" for none. */
  rolesOf(input: string): ReadonlySet<string>;
  placeOf?(input: string): RenderError["place"];
}

const ATTRIBUTES = String.raw`\[(?:"[^"]*"|[^\]"])*\]`;
const MARKER = new RegExp(`^(?:#\\s*)?(${MESSAGE_ROLES.join("|")})\\s*(${ATTRIBUTES})?\\s*:$`, "i");
const BEHIND_ROLE = new RegExp(`^(?:${ATTRIBUTES})?\\s*:$`);
const ATTRIBUTE = /(\w+)\s*=\s*(?:"([^"]*)"|([^",\]]*))/g;
const LONGEST_MARKER = 500;

/**
 * Divides rendered text into messages at the role markers: a role's name and a colon, alone on a line that the
 * template's author wrote whole. Text before the first marker is a system message.
 *
 * A value opens a message in two cases. The author's own words do as if they were written out, as in
 * `{{ "user" if loop.first else "assistant" }}:`. And the role of a history's item does where it is exactly a role's
 * name, as in `{{ item.role }}:`; then one that gives instructions only in a thread. Nothing else of any value is in
 * such a line, and what is in the line does not depend on other inputs. Throws `RenderError` for an item's role that
 * is none.
 */
export function parseMessages(
  segments: readonly Segment[],
  sources: RoleSources = { kindOf: () => undefined, rolesOf: () => new Set() },
): ParsedMessage[] {
  const reader = new MessageReader(sources);
  segments.forEach((segment, index) => reader.read(segment, segments[index + 1]));
  return reader.end();
}

class MessageReader {
  readonly #sources: RoleSources;
  readonly #messages: ParsedMessage[] = [];
  #current: ParsedMessage = { role: "system", segments: [] };
  #opened = false;
  /** The line so far, which may be a marker; nothing of one that is none for sure: that is in the message already. */
  #line: Segment[] = [];
  #isText = false;

  constructor(sources: RoleSources) {
    this.#sources = sources;
  }

  /** Takes the next segment, which another one may follow. */
  read(segment: Segment, following: Segment | undefined): void {
    if (!this.#isText && !canBeInMarker(segment, this.#sources)) this.#goOnAsText();
    if (isWritten(segment)) this.#divide(segment, following);
    else this.#add(segment);
  }

  end(): ParsedMessage[] {
    this.#endLine();
    this.#close();
    return this.#messages;
  }

  /** Only a newline of the template ends a line. */
  #divide(segment: Segment, following: Segment | undefined): void {
    const { text } = segment;
    let start = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
      // Most lines are no marker, and stay together.
      const isTogether = this.#isText ? segment.kind === "literal" : this.#line.length === 0;
      if (isTogether) {
        const next = startOfMarker(text, this.#isText ? at + 1 : start);
        at = text.indexOf("\n", next);
        this.#isText = at < 0 && segment.kind === "literal" && this.#endsInText(following);
        const end = this.#isText ? text.length : next;
        if (end > start) this.#current.segments.push(partOf(segment, start, end));
        start = end;
        if (at < 0) break;
      }
      if (at > start) this.#add(partOf(segment, start, at));
      start = at + 1;
      this.#endLine();
    }
    if (start < text.length) this.#add(partOf(segment, start, text.length));
  }

  /** Whether a line is no marker for what follows in it. */
  #endsInText(following: Segment | undefined): boolean {
    return following !== undefined && !canBeInMarker(following, this.#sources);
  }

  #add(segment: Segment): void {
    (this.#isText ? this.#current.segments : this.#line).push(segment);
  }

  #endLine(): void {
    const marker = this.#isText ? undefined : markerOf(this.#line, this.#sources);
    if (marker === undefined) {
      this.#goOnAsText();
      this.#current.segments.push(literal("\n"));
    } else {
      this.#close();
      this.#opened = true;
      this.#current = { ...marker, segments: [] };
      this.#line = [];
    }
    this.#isText = false;
  }

  #goOnAsText(): void {
    this.#isText = true;
    if (this.#line.length === 0) return;
    for (const segment of this.#line) this.#current.segments.push(segment);
    this.#line = [];
  }

  #close(): void {
    const isMessage = this.#opened || this.#current.segments.some(({ text }) => text.trim() !== "");
    if (isMessage) this.#messages.push(this.#current);
  }
}

function partOf(segment: Segment, start: number, end: number): Segment {
  const { text } = segment;
  return end - start === text.length ? segment : { ...segment, text: text.slice(start, end) };
}

/** Whether every word of it is the author's. */
function isWritten({ kind, origin }: Segment): boolean {
  return kind === "literal" || (origin?.kind === "words" && origin.inputs.length === 0);
}

/** Whether it is the author's, or the role of a history's item. */
function canBeInMarker({ kind, origin }: Segment, sources: RoleSources): boolean {
  if (kind === "literal") return true;
  return origin?.kind === "words" && origin.inputs.every((input) => sources.kindOf(input) !== undefined);
}

/**
 * Where the first line that is whole and may be a marker begins, from a line's start at `from`; where the last line
 * begins, which may go on behind the text, if there is none.
 */
function startOfMarker(text: string, from: number): number {
  for (let colon = text.indexOf(":", from); colon >= 0;) {
    const end = text.indexOf("\n", colon);
    if (end < 0) break;
    const start = text.lastIndexOf("\n", colon) + 1;
    if (text.slice(start, end).trimEnd().endsWith(":")) return start;
    colon = text.indexOf(":", end);
  }
  return text.lastIndexOf("\n") + 1;
}

export function textOf(segments: readonly Segment[]): string {
  let joined = "";
  for (const { text } of segments) joined += text;
  return joined;
}

/** The marker that a line is, of whose segments each can be in one. */
function markerOf(
  line: readonly Segment[],
  sources: RoleSources,
): Omit<ParsedMessage, "segments"> | undefined {
  const ofItem = line.findIndex(({ origin }) => origin?.kind === "words" && origin.inputs.length > 0);
  if (ofItem >= 0) {
    const before = textOf(line.slice(0, ofItem)).trim();
    const behind = textOf(line.slice(ofItem + 1)).trim();
    if (before.length + behind.length > LONGEST_MARKER) return undefined;
    if (!["", "#"].includes(before) || !BEHIND_ROLE.test(behind)) return undefined;
    if (!isTaken(line[ofItem], sources)) return undefined;
  }
  const text = textOf(line).trim();
  const found = text.length <= LONGEST_MARKER && text.endsWith(":") ? MARKER.exec(text) : null;
  const role = roleOf(found?.[1] ?? "");
  if (role === undefined) return undefined;
  const origin = line[ofItem]?.origin;
  const attributes = attributesOf(found?.[2] ?? "");
  if (origin?.kind !== "words" || origin.item === undefined) return { role, attributes };
  const thread = origin.inputs.every((input) => sources.kindOf(input) === "thread");
  return { role, attributes, ties: messageTies(origin.item, role, thread) };
}

/**
 * Whether an item's role opens a message. One that is none, or that its history does not take, is an error: its
 * message would be taken for a part of the one before.
 */
function isTaken(segment: Segment | undefined, sources: RoleSources): boolean {
  if (segment?.origin?.kind !== "words") return false;
  const { inputs } = segment.origin;
  const role = roleOf(segment.text);
  const thread = inputs.every((input) => sources.kindOf(input) === "thread");
  if (role !== undefined && (thread || !isInstruction(role))) return true;
  const written = segment.text.trim();
  const input = inputs.find((name) => sources.rolesOf(name).has(written.toLowerCase()));
  if (input === undefined) return false;
  const named = written === "" ? "no role" : `the role ${JSON.stringify(written.slice(0, 50))}`;
  throw new RenderError(`A message of ${input} has ${named}. ${roleRemedy(written, thread)}`, {
    place: sources.placeOf?.(input),
  });
}

function attributesOf(text: string): ParsedMessage["attributes"] {
  if (text === "") return undefined;
  const entries = [...text.matchAll(ATTRIBUTE)].map(([, name = "", quoted, bare = ""]) => {
    const value = (quoted ?? bare).trim();
    if (/^(true|false)$/i.test(value)) return [name, value.toLowerCase() === "true"] as const;
    return [name, /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value] as const;
  });
  // A nonce is how other runtimes tell their own markers from those of inputs; it is no fact about the message.
  return Object.fromEntries(entries.filter(([name]) => name !== "nonce"));
}
