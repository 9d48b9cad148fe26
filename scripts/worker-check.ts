import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { messageOf } from "../shared/errors.ts";
import { recordFunctions } from "./record-functions.ts";
import { checkApp, type Checked, type Registered } from "./worker-check/check-app.ts";

/**
 * `npm run worker:check -- <nodejsWorker.js>`: plays the Functions host to a Node worker, and holds what the worker
 * indexes of what is deployed to what `functions/` registers. Exit code 0 where they agree, 1 where not, 2 where that
 * cannot be told.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const KEPT =
  "Azure Functions Core Tools keep theirs in bin/workers/node/dist/src/nodejsWorker.js of their folder: where npm " +
  "installed them, in node_modules/azure-functions-core-tools.";

const program = new Command("npm run worker:check --")
  .description("Has a Node worker of Azure Functions index, load and invoke what npm run build made.")
  .argument("<worker>", `the worker's nodejsWorker.js. ${KEPT}`)
  .option("--app <folder>", "what is deployed: host.json, package.json, dist/functions", ROOT)
  .option("--node <file>", "the Node that runs the worker", process.execPath)
  .option("--warmed", "start the worker without the app and hand it over later, as Azure does", false)
  .option("--timeout <seconds>", "how long the worker may take for one answer", "30")
  .option("--json", "print JSON", false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
const options = program.opts<{
  app: string;
  node: string;
  warmed: boolean;
  timeout: string;
  json: boolean;
}>();
const scratch = await mkdtemp(path.join(tmpdir(), "flowgate-worker-check-"));
try {
  const checked = await check(path.resolve(program.args[0] ?? ""), path.resolve(options.app));
  if (options.json) console.log(JSON.stringify(checked, undefined, 2));
  else for (const line of reportOf(checked)) console.log(line);
  process.exitCode = checked.every(({ differences }) => differences.length === 0) ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function check(file: string, app: string): Promise<Checked[]> {
  if (!existsSync(file)) throw new Error(`There is no worker at ${file}. ${KEPT}`);
  const { node, warmed } = options;
  const timeoutMs = Number(options.timeout) * 1_000;
  if (!(timeoutMs > 0)) throw new Error(`--timeout is a number of seconds above 0, not ${options.timeout}.`);
  const [deployed, recorded] = [path.join(scratch, "deployed"), path.join(scratch, "recorded")];
  await mkdir(deployed);
  for (const name of ["host.json", "package.json", "dist/functions"]) {
    const from = path.join(app, name);
    if (!existsSync(from)) throw new Error(`There is no ${from}: npm run build makes what is deployed.`);
    // Alone, as it is deployed: what it would need beside itself is not there.
    const filter = (copied: string): boolean => !copied.endsWith(".map");
    await cp(from, path.join(deployed, name), { recursive: true, filter });
  }
  await cp(path.join(deployed, "dist/functions"), recorded, { recursive: true });
  const registered = Object.entries(await recordFunctions(recorded)) as [string, Registered[]][];
  const checked: Checked[] = [];
  try {
    for (const [serves, calls] of registered) {
      checked.push(await checkApp(file, deployed, { serves, calls, warmed, node, timeoutMs }));
    }
  } catch (error) {
    throw new Error(`${file} is no worker that can be checked. ${messageOf(error)}\n${KEPT}`, {
      cause: error,
    });
  }
  return checked;
}

function reportOf(checked: Checked[]): string[] {
  const { version, node, model } = checked[0]?.worker ?? {};
  const parts = checked.flatMap(({ serves, registered, indexed, loaded, answered, differences }) => {
    const statuses = Object.entries(answered).map(([name, status]) => `, ${name} ${status}`);
    const counts = `${registered} registered, ${indexed} indexed, ${loaded} loaded${statuses.join("")}`;
    const mark = differences.length === 0 ? "✓" : "✗";
    return [
      `${mark} FLOWGATE_SERVES=${serves.padEnd(8)}  ${counts}`,
      ...differences.map((one) => `    ${one}`),
    ];
  });
  return [`worker ${version} on Node ${node}, ${model}`, ...parts];
}
