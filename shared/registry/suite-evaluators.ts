import { PermanentError } from "../errors.ts";
import { bindEvaluators } from "../evaluators/bind-evaluator.ts";
import type { Evaluator } from "../evaluators/evaluator.ts";
import { judgePromptPath } from "../flow/judge-prompt-path.ts";
import { sha256 } from "../model/canonical.ts";
import type { SuiteManifest } from "../model/version.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { registryPath } from "./paths.ts";

/**
 * The evaluators of a suite, ready to judge: the prompts of the flow's own judges are read from the suite's files, each
 * checked against the manifest. Throws `PermanentError` where one is missing or was altered.
 */
export async function suiteEvaluators(store: BlobStore, suite: SuiteManifest): Promise<Evaluator[]> {
  const { evaluators, datasets } = suite.definition;
  if (evaluators.every((evaluator) => judgePromptPath(evaluator) === undefined)) {
    return bindEvaluators(evaluators, new Map());
  }
  const isData = (file: string): boolean =>
    datasets.some(({ path }) => file === path || file.startsWith(`${path}/`));
  const files = await Promise.all(
    suite.files
      .filter(({ path }) => !isData(path))
      .map(async (file): Promise<[string, Uint8Array]> => {
        const blob = await store.read("registry", registryPath.suiteFile(suite.flow, suite.id, file.path));
        if (!blob || sha256(blob.body) !== file.sha256) {
          const what = blob ? "does not match its hash" : "is missing";
          throw new PermanentError(`Suite ${suite.id} of ${suite.flow}: ${file.path} ${what}.`);
        }
        return [file.path, blob.body];
      }),
  );
  return bindEvaluators(evaluators, new Map(files));
}
