import type { Findings } from "./diagnostics.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { findReferences } from "./find-references.ts";
import { isFields } from "./prompty-property.ts";

const SECRET = /^(api_?key|key|token|secret|client_?secret|password|connection_?string)$/i;
const HARMLESS = new Set(["type", "kind", "azure_deployment", "name", "model"]);

/** How a finding of a key under its name begins. */
export const WRITTEN_SECRET = "A secret is written into the file";

/** A connection is not used, which is said; a key written into one is refused. */
export function checkConnection(
  path: string,
  model: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  if (!isFields(model)) return;
  for (const part of ["configuration", "connection"]) {
    const connection = model[part];
    if (!isFields(connection)) continue;
    const ignored: string[] = [];
    for (const [key, value] of Object.entries(connection)) {
      const literal = typeof value === "string" && value !== "" && !value.startsWith("${");
      if (SECRET.test(key) && literal) {
        const place = yaml.placeOf(["model", part, key]);
        findings.error(path, place, `${WRITTEN_SECRET}: ${key}.`, "Remove it, and revoke it.");
      } else if (!HARMLESS.has(key)) {
        ignored.push(key);
      } else if (isVariable(value)) {
        const message = `${key} is taken from the environment, which a version does not have: the platform's model answers.`;
        const remedy = "Write the deployment's name, or set FLOWGATE_MODEL where the platform runs.";
        findings.warning(path, yaml.placeOf(["model", part, key]), message, remedy);
      }
    }
    if (ignored.length > 0) {
      const unset = ignored.flatMap((key) => unsetIn(connection[key], environment));
      const lacking = unset.length === 0 ? "" : ` Not set, and not needed here: ${unset.join(", ")}.`;
      const message = `Not used: ${ignored.join(", ")}.${lacking} Where a model answers is a setting of the platform.`;
      findings.warning(path, yaml.placeOf(["model", part], "key"), message, "Remove them from the file.");
    }
  }
}

/** The variables without a default that a text takes and that are not there. */
function unsetIn(value: unknown, environment: Readonly<Record<string, string | undefined>>): string[] {
  if (typeof value !== "string") return [];
  return findReferences(value).flatMap(({ kind, content }) =>
    kind === "env" && !content.includes(":") && environment[content] === undefined ? [content] : [],
  );
}

/** A model's fields without those of its connection, whose references need not lead anywhere. */
export function withoutConnection(model: unknown): unknown {
  if (!isFields(model)) return model;
  const { connection: _connection, configuration, ...others } = model;
  if (!isFields(configuration)) return others;
  const named = Object.entries(configuration).filter(
    ([key, value]) => HARMLESS.has(key) && !isVariable(value),
  );
  return { ...others, configuration: Object.fromEntries(named) };
}

/** `${env:NAME}` and nothing else. */
function isVariable(value: unknown): boolean {
  return typeof value === "string" && /^\$\{env:\w+\}$/i.test(value);
}
