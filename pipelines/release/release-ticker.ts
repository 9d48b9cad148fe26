import { messageOf } from "../../shared/errors.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { advanceRelease } from "./advance-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/** Lets time work on every flow's release. One that cannot be advanced now keeps no other one back. */
export type TickReleases = (report: (message: string) => void) => Promise<void>;

/** Remembers which releases have nothing to do: those cost a request without a body a tick, until they change. */
export function createReleaseTicker(dependencies: ReleaseDependencies): TickReleases {
  const { store } = dependencies;
  /** ETags of pointers that are idle and complete. */
  const quiet = new Map<string, string>();

  const tick = async (flow: string, report: (message: string) => void): Promise<void> => {
    const name = registryPath.release(flow);
    const known = quiet.get(flow);
    const blob =
      known === undefined
        ? await store.read("registry", name)
        : await store.readIfChanged("registry", name, known);
    if (blob === "unchanged" || blob === undefined) return;
    const untold = await advanceRelease(flow, dependencies);
    if (untold !== undefined) return report(`${flow}: ${untold}`);
    const { rollout, pending } = JSON.parse(blob.body.toString("utf8")) as ReleasePointer;
    if (!rollout && !pending) quiet.set(flow, blob.etag);
  };

  return async (report) => {
    const flows = await listFlows(store);
    await Promise.all(
      flows.map((flow) =>
        tick(flow, report).catch((error: unknown) => report(`${flow}: ${messageOf(error)}`)),
      ),
    );
  };
}
