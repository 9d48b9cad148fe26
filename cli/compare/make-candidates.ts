import { bindEvaluators } from "../../shared/evaluators/bind-evaluator.ts";
import type { RowDependencies, VersionUnderTest } from "../../shared/evaluation/version-under-test.ts";
import { withModel, withPrompt } from "../../shared/flow/apply-variant.ts";
import { splitFlow } from "../../shared/flow/split-flow.ts";
import type { Combination } from "../../shared/flow/variant-combinations.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { FlowDefinition, FlowFiles } from "../../shared/model/flow.ts";
import { openResultCache } from "../../shared/registry/result-cache.ts";
import { versionId } from "../../shared/registry/version-id.ts";
import { loadFiles } from "../../shared/registry/version-loader.ts";
import { snapshotFiles } from "../../shared/registry/version-store.ts";
import type { Settings } from "../../shared/settings.ts";
import type { CacheStore } from "./cache-folder.ts";

/** A combination ready to answer. */
interface Candidate {
  combination: Combination;
  test: VersionUnderTest;
}

/**
 * Makes every combination ready to answer. One that comes to the same as an earlier one, such as the flow's own
 * temperature as an alternative, is left out and named in `same`.
 */
export async function makeCandidates(
  combinations: readonly Combination[],
  flow: {
    definition: FlowDefinition;
    files: FlowFiles;
    settings: Pick<Settings, "model">;
    cache: CacheStore;
    signal: AbortSignal;
  },
  { embeddingModel }: Pick<RowDependencies, "embeddingModel">,
): Promise<{ candidates: Candidate[]; same: { name: string; as: string }[] }> {
  const { definition, files, settings, cache: store, signal } = flow;
  const candidates: Candidate[] = [];
  const same: { name: string; as: string }[] = [];
  for (const combination of combinations) {
    const { version } = splitFlow(withPrompt(definition, combination), files);
    const id = versionId(version.definition, snapshotFiles(version.files));
    const loaded = await loadFiles(
      version.definition,
      version.files,
      { store, embeddingModel },
      { flow: definition.name, version: id, purpose: "step", signal },
    );
    const varied = withModel(loaded, combination);
    const answersBy = ({ prompt }: typeof loaded): string =>
      contentHash([prompt.model ?? settings.model.chat, prompt.parameters]);
    const by = answersBy(varied);
    const name = by === answersBy(loaded) ? id : contentHash([id, by]).slice(0, id.length);
    const twin = candidates.find(({ test }) => test.version === name);
    if (twin) {
      same.push({ name: combination.name, as: twin.combination.name });
      continue;
    }
    const results = await openResultCache(store, definition.name, name, "all");
    const evaluators = bindEvaluators(definition.evaluation.evaluators, files);
    candidates.push({
      combination,
      test: { name: definition.name, version: name, flow: varied, cache: results, evaluators },
    });
  }
  return { candidates, same };
}
