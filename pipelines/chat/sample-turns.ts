import type { SampledTurn } from "../../shared/model/monitored-turn.ts";
import { sessionHash } from "../../shared/model/session-hash.ts";
import type { AnsweredBy } from "../../shared/model/traffic.ts";
import {
  redactFields,
  redactText,
  redactValue,
} from "../../shared/evaluators/safety/redact-personal-data.ts";
import type { TurnSampleMessage } from "../../shared/messages/queue-messages.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { readMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import type { ShadowShare } from "./flow-catalog.ts";
import { isSampled } from "./is-sampled.ts";

/** A turn as it was answered. */
export interface TurnToSample {
  serving: AnsweredBy;
  turn: string;
  at: Date;
  session: string;
  inputs: Record<string, unknown>;
  answer: string;
  toolCalls: readonly unknown[] | undefined;
  context: string;
  documents: string[];
  /** Whether it is to be scored. */
  sampled: boolean;
  /** Whose candidate is to answer it too. */
  shadow: Pick<ShadowShare, "rollout" | "version"> | undefined;
}

/** Keeps a share of the turns, without personal data, and has them scored; all in the background. */
export interface TurnSampler {
  /** Whether the turn is to be recorded once it is answered. Never waits: until a flow's share is known, none is. */
  wants(flow: string, name: string): boolean;
  /** Never throws, never waits. */
  record(turn: TurnToSample): void;
  /** Stores what is waiting. What cannot be stored is kept for the next time, in bounded space. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 5_000;
/** How old a flow's share may be. */
const PLAN_MS = 30_000;
const MOST_WAITING = 500;
/** A longer turn is not kept: it would hold up the others. */
const MOST_CHARACTERS = 200_000;
/** A message names so many turns: scoring them takes less time than a message stays invisible. */
const TURNS_A_MESSAGE = 10;

export function createTurnSampler(dependencies: {
  store: BlobStore;
  queue: Queue;
  clock: Clock;
  telemetry: Telemetry;
  instance: string;
}): TurnSampler {
  const { store, queue, clock, telemetry, instance } = dependencies;
  const plans = new Map<string, { share: number; at: number }>();
  let waiting: TurnToSample[] = [];
  /** Of turns that are stored. */
  let unsent: TurnSampleMessage[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const readPlan = async (flow: string): Promise<void> => {
    const plan = await readMonitoringPlan(store, flow);
    plans.set(flow, { share: plan?.monitoring.sample ?? 0, at: clock.elapsed() });
  };

  const shareOf = (flow: string): number => {
    const known = plans.get(flow);
    if (!known || clock.elapsed() - known.at >= PLAN_MS) {
      // Nobody else asks meanwhile, nor at once again where it fails.
      plans.set(flow, { share: known?.share ?? 0, at: clock.elapsed() });
      void readPlan(flow).catch(() => undefined);
    }
    return known?.share ?? 0;
  };

  const write = async (): Promise<void> => {
    const taken = waiting;
    waiting = [];
    const used: UsedTurn[] = [];
    for (const asked of taken) {
      // What nobody is to look at is not stored.
      if (!asked.sampled && !mayBeCompared(asked)) continue;
      const kept = await keptTurn(asked);
      const candidate = isComparable(asked, kept) ? asked.shadow : undefined;
      if (asked.sampled || candidate) used.push({ asked, kept, candidate });
    }
    for (const [name, turns] of Map.groupBy(used, ({ asked }) => blobOf(asked))) {
      try {
        await store.append("traffic", name, turns.map(({ kept }) => `${JSON.stringify(kept)}\n`).join(""));
      } catch {
        waiting = [...turns.map(({ asked }) => asked), ...waiting];
        drop(waiting, "turns");
        continue;
      }
      unsent.push(...messagesOf(name, turns));
    }
    const messages = unsent;
    unsent = [];
    for (const message of messages) {
      await queue.send("turn-samples", message).catch(() => void unsent.push(message));
    }
    drop(unsent, "messages");
  };

  /** The oldest go first. */
  const drop = (list: unknown[], what: string): void => {
    const lost = list.splice(0, Math.max(0, list.length - MOST_WAITING)).length;
    if (lost > 0)
      telemetry.event("flowgate.sample.dropped", { "flowgate.what": what, "flowgate.count": lost });
  };

  const blobOf = ({ serving, at }: TurnToSample): string => {
    const time = at.toISOString();
    return trafficPath.turns(serving.flow, time.slice(0, 10), minuteOf(time), instance);
  };

  const flush = async (): Promise<void> => {
    await writing;
    writing = write().finally(() => (writing = undefined));
    await writing;
  };

  return {
    wants(flow, name) {
      const share = shareOf(flow);
      return share > 0 && isSampled(name, share);
    },
    record(turn) {
      if (turn.answer.length + turn.context.length > MOST_CHARACTERS) return;
      waiting.push(turn);
      drop(waiting, "turns");
      timer ??= setInterval(() => {
        if (waiting.length + unsent.length > 0) void flush();
      }, FLUSH_MS).unref();
    },
    flush,
    async close() {
      clearInterval(timer);
      timer = undefined;
      await flush();
    },
  };
}

/** A turn that somebody is to look at. */
interface UsedTurn {
  asked: TurnToSample;
  kept: SampledTurn;
  /** What is to answer it too; undefined: nothing. */
  candidate: TurnToSample["shadow"];
}

function messagesOf(blob: string, turns: readonly UsedTurn[]): TurnSampleMessage[] {
  const [first] = turns;
  if (!first) return [];
  const { flow } = first.asked.serving;
  const day = first.asked.at.toISOString().slice(0, 10);
  const sampled = turns.filter(({ asked }) => asked.sampled);
  const shadowed = Map.groupBy(turns, ({ candidate }) => candidate?.rollout);
  return [
    ...batches(sampled).map((names) => ({ kind: "sampled", flow, day, blob, turns: names }) as const),
    ...[...shadowed.values()].flatMap((group) => {
      const { candidate } = group[0] ?? {};
      if (!candidate) return [];
      const { rollout, version } = candidate;
      return batches(group).map(
        (names) => ({ kind: "shadow", flow, blob, turns: names, rollout, version }) as const,
      );
    }),
  ];
}

function mayBeCompared({ shadow, toolCalls }: TurnToSample): boolean {
  return shadow !== undefined && toolCalls === undefined;
}

/** Whether the candidate can be asked the same: a question without its personal data is another one. */
function isComparable(asked: TurnToSample, kept: SampledTurn): boolean {
  return mayBeCompared(asked) && JSON.stringify(asked.inputs) === JSON.stringify(kept.inputs);
}

function batches(turns: readonly UsedTurn[]): string[][] {
  const names = turns.map(({ kept }) => kept.turn);
  const count = Math.ceil(names.length / TURNS_A_MESSAGE);
  return Array.from({ length: count }, (_, index) =>
    names.slice(index * TURNS_A_MESSAGE, (index + 1) * TURNS_A_MESSAGE),
  );
}

/** As names of blobs have it: HH-MM. */
function minuteOf(time: string): string {
  return time.slice(11, 16).replace(":", "-");
}

/** A long one takes a while to look through: chats go on in between. */
async function keptTurn(asked: TurnToSample): Promise<SampledTurn> {
  const { serving, turn, at, session, inputs, answer, toolCalls, context, documents } = asked;
  const { flow, version, share } = serving;
  const { arm = "stable", rollout, step = 0, weight = 0 } = share ?? {};
  return {
    flow,
    version,
    // Nothing but what the evidence needs: a serving version holds more.
    ...(rollout !== undefined && { share: { arm, rollout, step, weight } }),
    turn,
    at: at.toISOString(),
    session: sessionHash(session),
    inputs: await redactFields(inputs),
    answer: await redactText(answer),
    ...(toolCalls && { toolCalls: (await redactValue(toolCalls)) as unknown[] }),
    context: await redactText(context),
    documents,
  };
}
