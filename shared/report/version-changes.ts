import { parsePrompty } from "../flow/parse-prompty.ts";
import { contentHash } from "../model/canonical.ts";
import type { Changes, FileChange } from "../model/changes.ts";
import type { Guardrails } from "../model/guardrails.ts";
import type { VersionManifest } from "../model/version.ts";
import { fileChanges, type SnapshotFiles } from "./file-changes.ts";
import { guardrailStatements } from "./guardrail-statements.ts";
import { settingChanges } from "./setting-changes.ts";

/** What makes a version answer as it does. */
export interface VersionSnapshot extends SnapshotFiles {
  definition: VersionManifest["definition"];
}

/** Prompts are small; what is larger is no prompt's part. */
const MOST_BYTES = 1024 * 1024;

/** What changed from one version to another: prompts and knowledge line by line, models, parameters, steps and guardrails. */
export async function versionChanges(before: VersionSnapshot, after: VersionSnapshot): Promise<Changes> {
  const knowledge = [...knowledgeOf(before), ...knowledgeOf(after)];
  const roleOf = (path: string): FileChange["role"] =>
    knowledge.some((source) => path === source || path.startsWith(`${source}/`)) ? "knowledge" : "prompt";
  return {
    ...(await fileChanges(before, after, roleOf)),
    settings: settingChanges(await settingsOf(before, roleOf), await settingsOf(after, roleOf)),
  };
}

function knowledgeOf({ definition }: VersionSnapshot): string[] {
  return definition.steps.flatMap((step) => ("source" in step ? [step.source] : []));
}

async function settingsOf(
  snapshot: VersionSnapshot,
  roleOf: (path: string) => FileChange["role"],
): Promise<Record<string, unknown>> {
  const { prompt, steps, guardrails } = snapshot.definition;
  const files = new Map<string, Uint8Array>();
  for (const { path, bytes } of snapshot.files) {
    const content = roleOf(path) === "prompt" && bytes <= MOST_BYTES ? await snapshot.read(path) : undefined;
    if (content) files.set(path, content);
  }
  const prompts = [prompt, ...steps.flatMap((step) => (step.kind === "prompt" ? [step.prompt] : []))];
  const settings = [...new Set(prompts)].map((path): [string, unknown] => {
    const text = new TextDecoder().decode(files.get(path)).replaceAll("\r\n", "\n");
    const parsed = parsePrompty(path, text, files).draft?.prompt;
    return [path, { model: parsed?.model, ...parsed?.parameters }];
  });
  return { prompt, ...Object.fromEntries(settings), steps, guardrails: guardrailSettings(guardrails) };
}

/** In words, which never list blocked terms: of those it is said which list they are. */
function guardrailSettings(guardrails: Guardrails | undefined): Record<string, string> | undefined {
  if (!guardrails) return undefined;
  const lists = [...guardrails.input, ...guardrails.output].flatMap((guardrail) =>
    guardrail.kind === "blocked_terms" ? [guardrail.terms] : [],
  );
  const stated = guardrailStatements(guardrails).map(({ name, text }): [string, string] => [name, text]);
  const list: [string, string][] =
    lists.length === 0 ? [] : [["list of blocked terms", contentHash(lists).slice(0, 12)]];
  return Object.fromEntries([...stated, ...list]);
}
