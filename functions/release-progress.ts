import { rolloutProgress } from "../pipelines/release/rollout-progress.ts";
import type { ReleaseProgress } from "../shared/model/status.ts";
import { flowStatus } from "../shared/registry/flow-status.ts";
import { managementFunction } from "./management-function.ts";

managementFunction(
  "release-progress",
  "GET",
  "api/flows/{flow}/release",
  async (request, { store, readRollups, release: { clock } }): Promise<ReleaseProgress> => {
    const { flow, release } = await flowStatus(store, request.params["flow"] ?? "");
    const rollout = release?.rollout;
    if (!release || !rollout) return { flow, release, rollout: undefined };
    const now = clock.now().toISOString();
    const traffic = await readRollups(flow, rollout, now);
    return { flow, release, rollout: rolloutProgress({ ...release, rollout }, traffic) };
  },
);
