import { expect, test } from "vitest";
import { guardTurn } from "../../../shared/guardrails/guard-turn.ts";
import { releaseChecked } from "../../../shared/guardrails/release-checked.ts";
import type { Guardrail } from "../../../shared/model/guardrails.ts";
import type { ChatDelta } from "../../../shared/ports/chat-model.ts";
import type { ContentSafety } from "../../../shared/ports/content-safety.ts";
import { createStillClock, type StillClock } from "../../fakes/still-clock.ts";

const LONG = "We have many fine things for you to see in our shop by the sea. ".repeat(8);
const HARM: Guardrail = { kind: "harm", severities: { hate: 4, self_harm: 4, sexual: 4, violence: 4 } };
const STOP = delta("", { finishReason: "stop" });

function delta(text: string, more: Partial<ChatDelta> = {}): ChatDelta {
  return { text, finishReason: undefined, model: "m", usage: undefined, ...more };
}

/** A piece of a call. */
function called(index: number | undefined, name: string, written = "{}"): ChatDelta {
  const place = index === undefined ? {} : { index };
  return delta("", { toolCalls: [{ ...place, function: { name, arguments: written } }] });
}

interface Release {
  terms?: string[];
  contentSafety?: ContentSafety;
  clock?: StillClock;
  /** Before each piece of the model's. */
  before?: () => void;
}

/** The pieces that are shown of the model's. */
async function release(deltas: readonly ChatDelta[], options: Release = {}): Promise<ChatDelta[]> {
  const { terms = ["acme", "red tent"], contentSafety, clock = createStillClock(), before } = options;
  const output: Guardrail[] = [{ kind: "blocked_terms", terms }, ...(contentSafety ? [HARM] : [])];
  const guard = guardTurn(
    { input: [], output, whenUnavailable: "open", answer: "Not that." },
    { question: "Hi" },
    { clock, contentSafety },
    { flow: "shop", version: "v", purpose: "chat" },
  );
  async function* written(): AsyncGenerator<ChatDelta> {
    for (const one of deltas) {
      before?.();
      yield await Promise.resolve(one);
    }
  }
  const shown: ChatDelta[] = [];
  for await (const piece of releaseChecked(written(), guard, clock)) shown.push(piece);
  return shown;
}

const textOf = (pieces: readonly ChatDelta[]): string => pieces.map(({ text }) => text).join("");
const letters = (text: string): ChatDelta[] => Array.from(text, (letter) => delta(letter));

/** A service that finds nothing, and what it was shown. */
function watcher(): { contentSafety: ContentSafety; asked: string[] } {
  const asked: string[] = [];
  const contentSafety: ContentSafety = {
    name: "fake",
    severities: async (text) => {
      asked.push(text);
      return { Hate: 0, SelfHarm: 0, Sexual: 0, Violence: 0 };
    },
    findAttacks: async () => ({ prompt: false, documents: false }),
    isProtected: async () => undefined,
  };
  return { contentSafety, asked };
}

test("of a term that is blocked no letter is shown, wherever the looks at the answer fall", async () => {
  for (let place = 0; place < 40; place += 1) {
    const text = `${LONG}${"x".repeat(place)} Try acme. ${LONG}`;
    const shown = textOf(await release([...letters(text), STOP]));
    expect(shown).toMatch(/Not that\.$/);
    expect(shown, `at ${place}`).not.toMatch(/Try a/);
  }
});

test("a term of a hundred letters is held back whole, too", async () => {
  const term =
    "the secret name of the tent that we shall sell next spring and nobody is to know of before it is due";
  const shown = textOf(await release([...letters(`${LONG}It is ${term}. ${LONG}`), STOP], { terms: [term] }));
  expect(shown).toMatch(/Not that\.$/);
  expect(shown).not.toContain("secret");
});

test("a term whose words are far apart is found though the first was shown", async () => {
  const shown = textOf(await release([...letters(`${LONG}A red${" ".repeat(400)}tent. ${LONG}`), STOP]));
  expect(shown).toMatch(/Not that\.$/);
  expect(shown).not.toContain("tent");
});

test.each(["acmeist ", "pacme "])(
  "words that only hold a term let an answer pass, wherever one begins to look and ends: %s",
  async (word) => {
    const text = word.repeat(600);
    const pieces = await release([...letters(text), STOP]);
    expect(textOf(pieces)).toBe(text);
    // One look for some words, not for each letter.
    expect(pieces.length).toBeLessThan(text.length / 25);
  },
);

test("no piece is half a letter, or empty before the last", async () => {
  const clock = createStillClock();
  const pieces = await release([...letters("a😀".repeat(400)), STOP], {
    clock,
    before: () => clock.advance(2_000),
  });
  expect(textOf(pieces)).toBe("a😀".repeat(400));
  expect(pieces.every(({ text }) => text.isWellFormed())).toBe(true);
  expect(pieces.slice(0, -1).every(({ text }) => text !== "")).toBe(true);
});

test("what the model's service cut at once is given as it was checked, not as it came", async () => {
  const pieces = await release([
    delta(LONG, { pieces: [LONG.slice(0, 9), LONG.slice(9)] }),
    delta("Try acme.", { pieces: ["Try ", "acme."], finishReason: "stop" }),
  ]);
  expect(textOf(pieces)).toMatch(/Not that\.$/);
  expect(pieces.every((piece) => piece.pieces === undefined)).toBe(true);
});

test("calls of tools are given once they are whole and checked", async () => {
  const bought = [called(0, "buy", '{"at":'), delta(LONG), called(0, "", '"home"}')];
  const pieces = await release([...bought, delta("", { finishReason: "tool_calls" })]);
  expect(pieces.slice(0, -1).every(({ toolCalls }) => toolCalls === undefined)).toBe(true);
  expect(pieces.at(-1)).toMatchObject({
    finishReason: "tool_calls",
    toolCalls: [{ function: { name: "buy" } }, { function: { arguments: '"home"}' } }],
  });
  expect(textOf(pieces)).toBe(LONG);
});

test.each([
  ["in a name", [called(0, "acme")]],
  [
    "in the name of one of several that have no place",
    [called(undefined, "acme"), called(undefined, "look")],
  ],
  ["in arguments that come in pieces", [called(0, "buy", '{"at":"ac'), delta(LONG), called(0, "", 'me"}')]],
])("a term that is blocked keeps a call from the client: %s", async (_, deltas) => {
  const pieces = await release([...deltas, delta("", { finishReason: "tool_calls" })]);
  expect(pieces.every(({ toolCalls }) => toolCalls === undefined)).toBe(true);
  expect(textOf(pieces)).toMatch(/Not that\.$/);
});

test("an answer that breaks off is checked to its end, and what it called is given", async () => {
  expect(textOf(await release([delta("Buy at acme")]))).toBe("Not that.");
  expect(textOf(await release([delta("Buy at home")]))).toBe("Buy at home");
  expect(await release([called(0, "buy")])).toMatchObject([{ toolCalls: [{ function: { name: "buy" } }] }]);
});

test("a service sees all of a long answer, each window before it is shown, and each part of it about once", async () => {
  const { contentSafety, asked } = watcher();
  const text = Array.from({ length: 1_500 }, (_, index) => `word${index} `).join("");
  const pieces = await release([...(text.match(/.{1,20}/gs) ?? []).map((piece) => delta(piece)), STOP], {
    contentSafety,
  });
  expect(textOf(pieces)).toBe(text);
  for (let index = 0; index < 1_500; index += 1) {
    expect(
      asked.some((seen) => seen.includes(`word${index} `)),
      `word ${index}`,
    ).toBe(true);
  }
  expect(asked.length).toBeLessThan(text.length / 400);
});

test("with a service no text waits longer than a second for its window to fill, and none is asked more often", async () => {
  const { contentSafety, asked } = watcher();
  const clock = createStillClock();
  // Ten letters each tenth of a second: a window would be full after five seconds.
  const deltas = Array.from({ length: 60 }, (_, index) => delta(`word ${String(index).padStart(4, "0")} `));
  const shownAt: number[] = [];
  const started = clock.elapsed();
  const pieces = await release([...deltas, STOP], {
    contentSafety,
    clock,
    before: () => {
      clock.advance(100);
      shownAt.push(asked.length);
    },
  });
  expect(textOf(pieces)).toBe(textOf(deltas));
  expect(clock.elapsed() - started).toBe(6_100);
  // What is held back takes two seconds to be written.
  expect(asked.length).toBeGreaterThanOrEqual(4);
  expect(asked.length).toBeLessThanOrEqual(7);
  expect(shownAt[30]).toBeGreaterThan(0);
});
