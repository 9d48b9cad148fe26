import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { servesPart } from "../../shared/settings.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The names of the functions that an app registers; imported as Azure's worker does, with its core replaced. */
function registered(serves: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    import { readdirSync } from "node:fs";
    import path from "node:path";
    globalThis.names = [];
    registerHooks({
      resolve: (specifier, context, next) => specifier === "@azure/functions"
        ? { url: "data:text/javascript," + encodeURIComponent("export const app = globalThis.app; export class HttpResponse {}"), shortCircuit: true }
        : next(specifier, context),
    });
    globalThis.app = new Proxy({}, { get: (_, kind) => kind === "hook" ? { appTerminate() {} } : (name) => globalThis.names.push(kind + " " + name) });
    for (const file of readdirSync("functions")) await import(path.resolve("functions", file));
    console.log(JSON.stringify(globalThis.names));
    process.exit();
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "--no-warnings", "-e", script], {
    cwd: ROOT,
    env: { ...process.env, FLOWGATE_SERVES: serves },
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as string[];
}

test("two apps share the functions out between them, and one alone has all", () => {
  const all = registered("all");
  const chat = registered("chat");
  const pipeline = registered("pipeline");
  expect(chat.filter((name) => /^(?:storageQueue|timer) /.test(name))).toEqual([]);
  expect(chat).toEqual(
    expect.arrayContaining(["http chat-completions", "http models", "http feedback", "http health"]),
  );
  expect(pipeline).toEqual(
    expect.arrayContaining([
      "storageQueue shard-queued",
      "storageQueue flow-changes-given-up",
      "timer release-tick",
    ]),
  );
  expect(pipeline).not.toContain("http chat-completions");
  expect(new Set([...chat, ...pipeline])).toEqual(new Set(all));
  const both = chat.filter(
    (name) => pipeline.includes(name) && !/^http (?:health|studio|openapi)/.test(name),
  );
  expect(both).toEqual(["setup [object Object]"]);
});

test("unset, or set to a word that is none, everything is served", () => {
  expect(servesPart("chat", {})).toBe(true);
  expect(servesPart("pipeline", { FLOWGATE_SERVES: "everything" })).toBe(true);
  expect(servesPart("pipeline", { FLOWGATE_SERVES: "chat" })).toBe(false);
});
