import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Azure's worker stays, and the host has to kill it, where a hook throws: a missing setting would be such a case. */
test("an app that answered nothing ends without making anything to close", () => {
  const script = `
    import { registerHooks } from "node:module";
    globalThis.app = { setup() {}, hook: { appTerminate: (hook) => (globalThis.end = hook) } };
    registerHooks({
      resolve: (specifier, context, next) => specifier === "@azure/functions"
        ? { url: "data:text/javascript,export const app = globalThis.app", shortCircuit: true }
        : next(specifier, context),
    });
    await import("./functions/app.ts");
    await globalThis.end();
    console.log("ended");
    process.exit();
  `;
  const { AzureWebJobsStorage: _, ...environment } = process.env;
  const output = execFileSync(process.execPath, ["--input-type=module", "--no-warnings", "-e", script], {
    cwd: ROOT,
    env: environment,
    encoding: "utf8",
  });
  expect(output).toBe("ended\n");
});
