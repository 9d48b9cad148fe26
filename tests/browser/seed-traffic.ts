import { createTrafficRecorder } from "../../pipelines/chat/record-traffic.ts";
import type { OnlineScores } from "../../shared/model/monitored-turn.ts";
import type { LedgerEntry } from "../../shared/model/release.ts";
import type { Arm } from "../../shared/model/traffic.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../shared/registry/ledger.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import { createStillClock } from "../fakes/still-clock.ts";

export const OLD = "0123456789ab";
export const NEW = "ba9876543210";
const MINUTES = 50;
const CANARY_FROM = 20;

/**
 * The traffic of the last fifty minutes as the processes would have written it: an old version, from the twentieth
 * minute on a canary beside it that is slower and fails at times, releases, ratings, blocked turns and online scores.
 */
export async function seedTraffic(store: BlobStore, flow: string): Promise<void> {
  const start = new Date(Date.now() - MINUTES * 60_000);
  const clock = createStillClock(start.toISOString());
  const recorder = createTrafficRecorder({ store, clock, instance: "seed" });
  const at = (minute: number): string => new Date(start.getTime() + minute * 60_000).toISOString();
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const turns: Arm[] = Array.from({ length: 6 + (minute % 5) * 2 }, () => "stable");
    if (minute >= CANARY_FROM) turns.push("canary", "canary", "canary");
    // Nobody asked for a while.
    if (minute >= 30 && minute < 36) turns.length = 0;
    for (const [index, arm] of turns.entries()) {
      const isCanary = arm === "canary";
      const fails = isCanary && (minute + index) % 9 === 0;
      const isBlocked = !fails && (minute * 7 + index) % 41 === 0;
      const share = { arm, rollout: "r", step: 1, weight: 0.25 };
      const version = isCanary ? NEW : OLD;
      recorder.record({
        serving: { flow, version, ...(minute >= CANARY_FROM && { share }) },
        session: `session ${minute} ${index}`,
        defects: [],
        measured: {
          outcome: fails ? "model_unavailable" : isBlocked ? "blocked" : "answered",
          durationMs: (isCanary ? 1400 : 900) + ((minute * 37 + index * 211) % 700),
          firstTokenMs: (isCanary ? 420 : 250) + ((minute * 13 + index * 59) % 160),
          usage: { inputTokens: 420 + index, outputTokens: 80 + (minute % 9) },
          cost: isCanary ? 0.00031 : 0.00042,
          guardrail: isBlocked ? "jailbreak" : undefined,
        },
        ratings: { up: index === 0 && minute % 3 === 0 ? 1 : 0, down: isCanary && minute % 11 === 0 ? 1 : 0 },
      });
    }
    await recorder.flush();
    clock.advance(60_000);
  }
  await recorder.close();
  await seedLedger(store, flow, at);
  await seedScores(store, flow, at);
}

export async function seedLedger(
  store: BlobStore,
  flow: string,
  at: (minute: number) => string,
): Promise<void> {
  const entries = [
    { kind: "promoted", version: OLD, at: at(2), actor: "system" },
    { kind: "canary_started", version: NEW, at: at(CANARY_FROM), actor: "system", weight: 0.05 },
    { kind: "canary_advanced", version: NEW, at: at(CANARY_FROM + 3), actor: "Ada", weight: 0.25 },
  ] as const;
  let previousHash = LEDGER_ORIGIN;
  for (const [index, entry] of entries.entries()) {
    const sealed: LedgerEntry = sealEntry({
      ...entry,
      sequence: index + 1,
      previousHash,
      flow,
      suite: undefined,
      run: undefined,
      from: undefined,
      reason: "it passed",
      commit: undefined,
    });
    await recordEntry(store, sealed);
    previousHash = sealed.hash;
  }
}

async function seedScores(store: BlobStore, flow: string, at: (minute: number) => string): Promise<void> {
  for (let minute = 1; minute < MINUTES; minute += 4) {
    const scored = (version: string, value: number) => ({
      turn: `${version}-${minute}`,
      version,
      scores: { groundedness: { value, passed: value >= 3, reason: undefined } },
    });
    const batch: OnlineScores = {
      flow,
      suite: "s",
      at: at(minute),
      turns: [
        scored(OLD, 4 + (minute % 3) / 4),
        ...(minute >= CANARY_FROM ? [scored(NEW, 3 + (minute % 5) / 4)] : []),
      ],
      unpaid: [],
    };
    const name = trafficPath.scores(flow, batch.at.slice(0, 10), `batch-${minute}`);
    await store.write("traffic", name, JSON.stringify(batch));
  }
}
