import { setImmediate } from "node:timers/promises";
import { isWhole } from "../../guardrails/visible-pieces.ts";
import { findPersonalData, type PersonalData } from "./find-personal-data.ts";

/** A few milliseconds of work. */
const PIECE = 16_000;
/** Longer than anything that is looked for: what stands across a border is whole in one of the pieces beside it. */
const OVERLAP = 1_000;

/** Lets others work once so much was looked through since the last time. */
type Pause = (characters: number) => Promise<void>;

/**
 * A text in which a mark stands for what looks like personal data: `[an e-mail address]`. Lets others work in between
 * where it is long.
 */
export function redactText(text: string): Promise<string> {
  return redacted(text, createPause());
}

/** As `redactText`, of every text in a value that has a JSON form, the names of its members included. */
export function redactValue(value: unknown): Promise<unknown> {
  return redactedValue(value, createPause());
}

/** As `redactValue`, of an object. */
export function redactFields(fields: object): Promise<Record<string, unknown>> {
  return redactedFields(fields, createPause());
}

function createPause(): Pause {
  let looked = 0;
  return async (characters) => {
    looked += characters;
    if (looked < PIECE) return;
    looked = 0;
    await setImmediate();
  };
}

async function redacted(text: string, pause: Pause): Promise<string> {
  const found: PersonalData[] = [];
  for (let at = 0; at === 0 || at < text.length; at += PIECE) {
    const from = Math.max(0, at - OVERLAP);
    const piece = {
      text: text.slice(from, at + PIECE),
      isFirst: at === 0,
      isLast: at + PIECE >= text.length,
    };
    for (const one of findPersonalData(piece.text)) {
      if (isWhole(piece, piece.text, one.start, one.start + one.text.length))
        found.push({ ...one, start: from + one.start });
    }
    await pause(piece.text.length);
  }
  let shown = 0;
  let all = "";
  for (const { kind, start, end } of apart(found)) {
    all += `${text.slice(shown, start)}[${kind}]`;
    shown = end;
  }
  return all + text.slice(shown);
}

/** Where each stands, in their order: those that overlap are one, of the longest's kind. */
function apart(found: readonly PersonalData[]): { kind: string; start: number; end: number }[] {
  const stretches: { kind: string; start: number; end: number; longest: number }[] = [];
  for (const { kind, start, text } of found.toSorted((a, b) => a.start - b.start)) {
    const end = start + text.length;
    const last = stretches.at(-1);
    if (last === undefined || start >= last.end) {
      stretches.push({ kind, start, end, longest: text.length });
      continue;
    }
    if (text.length > last.longest) Object.assign(last, { kind, longest: text.length });
    last.end = Math.max(last.end, end);
  }
  return stretches;
}

async function redactedValue(value: unknown, pause: Pause): Promise<unknown> {
  if (typeof value === "string") return redacted(value, pause);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return redactedFields(value, pause);
  const members: unknown[] = [];
  for (const member of value) members.push(await redactedValue(member, pause));
  return members;
}

async function redactedFields(fields: object, pause: Pause): Promise<Record<string, unknown>> {
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    members.push([await redacted(name, pause), await redactedValue(value, pause)]);
  }
  return Object.fromEntries(members);
}
