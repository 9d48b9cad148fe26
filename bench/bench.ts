import { Command } from "commander";
import type { BenchResult } from "./bench-result.ts";

/**
 * `npm run bench -- <name> [--json]`: runs one bench. Each counts what it measured, says in words what bounds each
 * figure, and with `--json` ends with one line `{"bench": ..., "figures": {...}}`.
 */
const BENCHES: Record<string, () => Promise<{ run(): Promise<BenchResult> }>> = {
  limited: () => import("./limited.ts"),
  evaluation: () => import("./evaluation.ts"),
  scale: () => import("./scale.ts"),
  chat: () => import("./chat.ts"),
  loop: () => import("./loop.ts"),
  coldstart: () => import("./coldstart.ts"),
  verdict: () => import("./verdict.ts"),
  canary: () => import("./canary.ts"),
  studio: () => import("./studio.ts"),
};

const program = new Command("npm run bench --")
  .argument("<name>", `which bench: ${Object.keys(BENCHES).join(", ")}`)
  .option("--json", "end with one line of JSON", false)
  .parse();
const [name = ""] = program.args;
const load = BENCHES[name];
if (load) {
  const result = await (await load()).run();
  for (const [figure, { value, bound }] of Object.entries(result.figures)) {
    console.log(`${figure.padEnd(22)} ${String(value).padStart(10)}   ${bound}`);
  }
  console.log(`\nmeasured: ${result.measured}`);
  if (program.opts<{ json: boolean }>().json) {
    const figures = Object.fromEntries(
      Object.entries(result.figures).map(([key, { value }]) => [key, value]),
    );
    console.log(JSON.stringify({ bench: name, figures }));
  }
} else {
  console.error(`There is no bench "${name}". There are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exitCode = 2;
}
