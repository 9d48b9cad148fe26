import type { SampledTurn } from "../../shared/model/monitored-turn.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { trafficPath } from "../../shared/registry/paths.ts";

/** The sampled turns of a blob; none where it is gone. The last line may have been cut by a process that died. */
export async function readTurns(store: BlobStore, blob: string): Promise<SampledTurn[]> {
  const content = await store.read("traffic", blob);
  const lines = content?.body.toString("utf8").split("\n").slice(0, -1) ?? [];
  return lines.map((line) => JSON.parse(line) as SampledTurn);
}

/** A turn, where it was sampled. `at`: when it was asked; ISO 8601. */
export async function findTurn(
  store: BlobStore,
  { flow, turn, at }: Pick<SampledTurn, "flow" | "turn" | "at">,
): Promise<SampledTurn | undefined> {
  const minute = at.slice(11, 16).replace(":", "-");
  const prefix = trafficPath.turnsOfMinute(flow, at.slice(0, 10), minute);
  for await (const { name } of store.list("traffic", prefix)) {
    const found = (await readTurns(store, name)).find((one) => one.turn === turn);
    if (found) return found;
  }
  return undefined;
}
