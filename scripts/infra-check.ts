import path from "node:path";
import { readdir } from "node:fs/promises";
import { BICEP_VERSION, findBicep, type Compiler } from "./bicep-compiler.ts";

/**
 * `npm run infra:check`: compiles and lints infra/ with Bicep's own compiler, and holds what it would deploy against
 * the snapshots that tests/infra/ judges. `--update` writes the snapshots anew; `--required` fails where no compiler
 * can be had.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const MAIN = path.join(ROOT, "infra/main.bicep");
const PARAMETERS = path.join(ROOT, "infra/main.bicepparam");
const SNAPSHOTS = path.join(ROOT, "tests/infra");
/** Any will do: a snapshot names the resources of no real subscription. */
const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

const flags = new Set(process.argv.slice(2));
const compiler = await findBicep();
if (Array.isArray(compiler)) {
  console.log(`infra: not compiled, because no Bicep could be had: ${compiler.join("; ")}.
  Install it (https://aka.ms/bicep-install) so that \`bicep\` is on the PATH, set BICEP_PATH to it, or let \`dotnet\`
  reach a NuGet source that has Azure.Bicep.CommandLine ${BICEP_VERSION}. The policy tests in tests/infra/ run all the
  same, on the snapshots that were compiled before.`);
  process.exitCode = flags.has("--required") ? 1 : 0;
} else {
  console.log(`infra: Bicep ${compiler.version}`);
  const compiled = (await readdir(SNAPSHOTS)).filter((file) => file.endsWith(".bicepparam")).sort();
  const results = await Promise.all([
    check("lint infra/main.bicep", compiler.run(["lint", MAIN])),
    check("compile infra/main.bicep", compiler.run(["build", MAIN, "--stdout"]), false),
    check("read infra/main.bicepparam", compiler.run(["build-params", PARAMETERS, "--stdout"]), false),
    ...compiled.map((name) => snapshot(name, compiler)),
  ]);
  process.exitCode = results.every((ok) => ok) ? 0 : 1;
}

async function snapshot(name: string, compiler: Compiler): Promise<boolean> {
  const mode = flags.has("--update") ? "overwrite" : "validate";
  const place = ["--subscription-id", SUBSCRIPTION, "--location", "swedencentral"];
  const said = compiler.run(["snapshot", path.join(SNAPSHOTS, name), "--mode", mode, ...place]);
  const ok = await check(`${mode} the snapshot of tests/infra/${name}`, said, mode === "overwrite");
  if (!ok && mode === "validate") {
    const other = compiler.version === BICEP_VERSION ? "" : ` They were made by Bicep ${BICEP_VERSION}.`;
    console.log(`  What is deployed changed: look at it, then \`npm run infra:check -- --update\`.${other}`);
  }
  return ok;
}

/** A warning is a failure too, unless the output is the result itself. */
async function check(what: string, running: ReturnType<Compiler["run"]>, silent = true): Promise<boolean> {
  const { ok, text } = await running;
  const passed = ok && !(silent ? / : (?:Warning|Error) /.test(text) : / : (?:Warning|Error) BCP/.test(text));
  console.log(`${passed ? "✓" : "✗"} ${what}`);
  if (!passed) console.log(text.slice(0, 8_000));
  return passed;
}
