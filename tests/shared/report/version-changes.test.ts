import { expect, test } from "vitest";
import type { Changes } from "../../../shared/model/changes.ts";
import type { VersionManifest } from "../../../shared/model/version.ts";
import { snapshotFiles } from "../../../shared/registry/version-store.ts";
import { versionChanges, type VersionSnapshot } from "../../../shared/report/version-changes.ts";

const PROMPT = "---\nname: shop\nmodel:\n  parameters:\n    temperature: 0.2\n---\nsystem:\nBe kind.\n";
const STEP = {
  kind: "retrieve",
  name: "documents",
  source: "knowledge",
  query: "{{ question }}",
  top: 3,
} as const;

function version(
  texts: Record<string, string | Uint8Array>,
  definition: Partial<VersionManifest["definition"]> = {},
  asked: string[] = [],
): VersionSnapshot {
  const files = new Map(
    Object.entries(texts).map(([path, content]) => [
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
  return {
    definition: { name: "shop", prompt: "chat.prompty", steps: [STEP], ...definition },
    files: snapshotFiles(files),
    read(path) {
      asked.push(path);
      return Promise.resolve(files.get(path));
    },
  };
}

function shown({ files }: Changes, path: string): string[] {
  const diff = files.find((file) => file.path === path)?.diff ?? [];
  return diff.map(({ kind, text }) => `${kind} ${text}`);
}

test("guardrails are named in words, and blocked terms never listed", async () => {
  const texts = { "chat.prompty": PROMPT };
  const guarded = (terms: string[]) =>
    version(texts, {
      guardrails: {
        input: [{ kind: "attack" }, { kind: "blocked_terms", terms }],
        output: [],
        whenUnavailable: "open",
        answer: "No.",
      },
    });
  const added = (await versionChanges(version(texts), guarded(["word"]))).settings;
  expect(added).toContainEqual({
    name: "guardrails.Attacks in what is asked",
    before: undefined,
    after: "blocked, also in what the steps found",
  });
  const { settings } = await versionChanges(guarded(["word"]), guarded(["other"]));
  expect(settings.map(({ name }) => name)).toEqual(["guardrails.list of blocked terms"]);
  expect(JSON.stringify([added, settings])).not.toMatch(/"word|other/);
});

test("a prompt's change is a unified diff, and its parameters and steps are named", async () => {
  const after = version(
    { "chat.prompty": PROMPT.replace("0.2", "0.9").replace("Be kind.", "Be brief.") },
    { steps: [{ ...STEP, top: 5 }] },
  );
  const changes = await versionChanges(version({ "chat.prompty": PROMPT }), after);
  expect(changes.settings).toEqual([
    { name: "chat.prompty.temperature", before: "0.2", after: "0.9" },
    { name: "steps.documents.top", before: "3", after: "5" },
  ]);
  expect(shown(changes, "chat.prompty")).toEqual([
    "hunk @@ -2,7 +2,7 @@",
    "same name: shop",
    "same model:",
    "same   parameters:",
    "removed     temperature: 0.2",
    "added     temperature: 0.9",
    "same ---",
    "same system:",
    "removed Be kind.",
    "added Be brief.",
  ]);
});

test("only what differs is read, beside prompts for their parameters", async () => {
  const asked: string[] = [];
  const texts = { "chat.prompty": PROMPT, "knowledge/a.json": "{}", "knowledge/b.json": "{}" };
  const after = version({ ...texts, "knowledge/b.json": '{"id": 1}' }, {}, asked);
  const changes = await versionChanges(version(texts), after);
  expect(changes.files.map(({ path, role, kind }) => [path, role, kind])).toEqual([
    ["knowledge/b.json", "knowledge", "changed"],
  ]);
  expect(new Set(asked)).toEqual(new Set(["knowledge/b.json", "chat.prompty"]));
});

test("prompts come first; files that came, went, are no text or are too large say so", async () => {
  const large = "x\n".repeat(1024 * 1024);
  const before = version({ "chat.prompty": PROMPT, "knowledge/gone.json": "{}", "knowledge/l.json": large });
  const after = version({
    "chat.prompty": `${PROMPT}More.\n`,
    "knowledge/l.json": `${large}y`,
    "knowledge/new.png": Uint8Array.of(0x89, 0x50, 0xff, 0),
  });
  const { files } = await versionChanges(before, after);
  expect(files.map(({ path, kind, note }) => [path, kind, note])).toEqual([
    ["chat.prompty", "changed", undefined],
    ["knowledge/gone.json", "removed", undefined],
    ["knowledge/l.json", "changed", "too large to show: 2097152 bytes before, 2097153 bytes"],
    ["knowledge/new.png", "added", "no text"],
  ]);
});

test("a folder of thousands of changed files is named in part and shown in less", async () => {
  const folder = (content: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`knowledge/${index}.json`, content]));
  const { files, moreFiles } = await versionChanges(version(folder("1")), version(folder("2")));
  expect([files.length, moreFiles, files.filter(({ diff }) => diff).length]).toEqual([200, 100, 40]);
});

test("texts that differ in everything, and a diff of thousands of lines, end in time and say what is missing", async () => {
  const lines = (word: string, count: number): string =>
    Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join("");
  const before = version({ "chat.prompty": PROMPT + lines("a", 600), "b.txt": lines("a", 20_000) });
  const after = version({ "chat.prompty": PROMPT + lines("b", 600), "b.txt": lines("b", 20_000) });
  const { files } = await versionChanges(before, after);
  expect(files.map(({ path, note, diff }) => [path, note, diff?.length])).toEqual([
    ["b.txt", "too different to show line by line", undefined],
    ["chat.prompty", expect.stringMatching(/more lines of the diff are not shown/), 400],
  ]);
});
