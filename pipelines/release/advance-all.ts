import { messageOf } from "../../shared/errors.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { advanceRelease } from "./advance-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/** Lets time work on every flow's release. One that cannot be advanced now keeps no other one back. */
export async function advanceAll(
  dependencies: ReleaseDependencies,
  report: (message: string) => void,
): Promise<void> {
  const flows = await listFlows(dependencies.store);
  await Promise.all(
    flows.map(async (flow) => {
      try {
        await advanceRelease(flow, dependencies);
      } catch (error) {
        report(`${flow}: ${messageOf(error)}`);
      }
    }),
  );
}
