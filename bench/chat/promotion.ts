import { setTimeout as sleep } from "node:timers/promises";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { benchFlow, benchPrompt } from "../bench-flow.ts";
import type { PlatformProcess } from "../platform-process.ts";
import { runFlow, untilReleased } from "../run-flow.ts";

/** Callers that talk all the while, so that every app process answers some. */
const CALLERS = 8;
/** How long after the release answers are still looked at. */
const WATCHED_MS = 4_000;

/**
 * Releases another version while clients talk through the host to all app processes. `seconds`: from the release's own
 * time to the last request that the old version still answered, by when the request came; 0 where there was none.
 */
export async function measurePromotion(
  platform: PlatformProcess,
  flow: string,
): Promise<{ seconds: number; failed: number; requests: number }> {
  const { host } = platform.addresses;
  const answers: { version: string; at: number }[] = [];
  let failed = 0;
  const over = new AbortController();
  const talk = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const at = Date.now();
      const answer = await fetch(`${host}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: flow,
          messages: [{ role: "user", content: "What does item 7 weigh?" }],
        }),
      }).catch(() => undefined);
      await answer?.text().catch(() => "");
      if (answer?.ok !== true) failed += 1;
      answers.push({ version: answer?.headers.get("x-flowgate-version") ?? "", at });
      await sleep(5);
    }
  };
  const talking = Promise.all(Array.from({ length: CALLERS }, talk));
  const files = new Map([...benchFlow(flow, 1), ["chat.prompty", benchPrompt(1)]]);
  const decided = await runFlow(platform, flow, files);
  await untilReleased(platform, decided);
  const store = createBlobStore({ connectionString: platform.addresses.storage });
  const pointer = await readJson<ReleasePointer>(store, "registry", registryPath.release(flow));
  const promotedAt = Date.parse(pointer?.value.stable?.since ?? "");
  await sleep(WATCHED_MS);
  over.abort();
  await talking;
  const next = `${flow}@${decided.plan.version}`;
  const old = answers.filter(({ version, at }) => version !== next && at > promotedAt);
  const last = Math.max(promotedAt, ...old.map(({ at }) => at));
  return { seconds: (last - promotedAt) / 1000, failed, requests: answers.length };
}
