import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "./command-error.ts";

/**
 * The folder a command means where none is named: `current` if it holds flow.yaml, else the only flow under its
 * `flows/`. Throws `CommandError` naming the choices.
 */
export async function findFlowFolder(named: string | undefined, current: string): Promise<string> {
  if (named !== undefined) return named;
  if (await holdsFlow(current)) return ".";
  const entries = await readdir(path.join(current, "flows"), { withFileTypes: true }).catch(() => []);
  const flows: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && (await holdsFlow(path.join(current, "flows", entry.name))))
      flows.push(entry.name);
  }
  const [only] = flows;
  if (only !== undefined && flows.length === 1) return path.join("flows", only);
  throw new CommandError(
    flows.length === 0
      ? "There is no flow.yaml here and no flow under flows/. Name the flow's folder."
      : `There are several flows under flows/: ${flows.sort().join(", ")}. Name one, such as flows/${flows[0]}.`,
  );
}

async function holdsFlow(folder: string): Promise<boolean> {
  return access(path.join(folder, "flow.yaml")).then(
    () => true,
    () => false,
  );
}
