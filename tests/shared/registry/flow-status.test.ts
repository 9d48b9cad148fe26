import { beforeEach, expect, test } from "vitest";
import type { RunPlan } from "../../../shared/model/run.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { flowStatus, runDetail } from "../../../shared/registry/flow-status.ts";
import { createJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { sampleReport } from "../../pipelines/decide/report-samples.ts";

const FLOW = "shop";
const RUN = "0123456789ab";

let store: BlobStore;
beforeEach(() => {
  store = createMemoryBlobStore();
});

async function planned(purpose: RunPlan["purpose"]): Promise<void> {
  const plan: RunPlan = { ...sampleReport().run, id: RUN, purpose };
  await createJson(store, "registry", registryPath.plan(FLOW, RUN), plan);
}

/** That the change of a pull request is judged by `run`. */
const points = (proposal: string, run: string) =>
  createJson(store, "registry", registryPath.currentRun({ container: "proposals", proposal, flow: FLOW }), {
    sequence: 1,
    run,
  });

test("a pull request's run is under way while any pull request waits for it, and overtaken after", async () => {
  await planned("proposal");
  expect((await runDetail(store, FLOW, RUN)).state).toBe("running");
  await points("pr-1", "fedcba987654");
  expect((await runDetail(store, FLOW, RUN)).state).toBe("superseded");
  await points("pr-2", RUN);
  expect((await runDetail(store, FLOW, RUN)).state).toBe("running");
});

test("where the latest change was refused, the run of the one before is shown while it goes on", async () => {
  await planned("candidate");
  const source = { container: "flows", flow: FLOW } as const;
  await createJson(store, "registry", registryPath.currentRun(source), { sequence: 1, run: RUN });
  await createJson(store, "registry", registryPath.intake(source), {
    sequence: 2,
    outcome: { kind: "refused", diagnostics: [] },
  });
  const status = await flowStatus(store, FLOW);
  expect(status.run).toBeUndefined();
  expect(status.earlierRun).toMatchObject({ state: "running", plan: { id: RUN } });

  await createJson(store, "registry", registryPath.verdict(FLOW, RUN), { outcome: "pass" });
  expect(await flowStatus(store, FLOW)).not.toHaveProperty("earlierRun");
});
