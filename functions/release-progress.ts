import { rolloutProgress } from "../pipelines/release/rollout-progress.ts";
import type { ReleaseProgress } from "../shared/model/status.ts";
import { flowStatus } from "../shared/registry/flow-status.ts";
import { managementFunction } from "./management-function.ts";

managementFunction(
  "release-progress",
  "GET",
  "api/flows/{flow}/release",
  async (request, { store, readRollups, release: { clock, readEvidence } }): Promise<ReleaseProgress> => {
    const { flow, release } = await flowStatus(store, request.params["flow"] ?? "");
    const rollout = release?.rollout;
    if (!release || !rollout) return { flow, release, rollout: undefined };
    const now = clock.now().toISOString();
    const traffic = await readRollups(flow, rollout, now);
    const progress = rolloutProgress({ ...release, rollout }, traffic);
    if (release.canary?.step !== 0) return { flow, release, rollout: progress };
    const { turns = 0, mean = 0 } = (await readEvidence(release, now))?.shadow ?? {};
    return { flow, release, rollout: { ...progress, shadow: { turns, wins: turns === 0 ? null : mean } } };
  },
);
