import * as z from "zod";

/**
 * The messages stages hand over by, one schema a queue. Every reader parses with these: a message that does not fit
 * is a `PermanentError` and goes to poison.
 */

const source = z.discriminatedUnion("container", [
  z.object({ container: z.literal("flows"), flow: z.string() }),
  z.object({ container: z.literal("proposals"), proposal: z.string(), flow: z.string() }),
]);

const commit = z.object({
  repository: z.string().optional(),
  commit: z.string().optional(),
  branch: z.string().optional(),
  author: z.string().optional(),
  message: z.string().optional(),
  pullRequest: z.number().optional(),
  pushId: z.string().optional(),
});

const rollout = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("immediate") }),
  z.object({
    kind: z.literal("canary"),
    steps: z.array(z.number()),
    minSessions: z.number(),
    minTimeMs: z.number(),
    maxTimeMs: z.number(),
    quietMs: z.number(),
    soakMs: z.number(),
    approval: z.enum(["none", "first", "last", "each"]),
    expiresMs: z.number(),
    latencyObjectiveMs: z.number().optional(),
    margin: z.number(),
    shadow: z.object({ share: z.number(), minTurns: z.number(), noWorseThan: z.number() }).optional(),
  }),
]);

/** `flow-changes`, as Event Grid delivers it (Event Grid schema; only what is read is required). */
export const storageEventSchema = z.object({
  id: z.string(),
  eventType: z.string(),
  subject: z.string(),
  eventTime: z.string(),
  data: z.object({ url: z.string().optional(), sequencer: z.string().optional() }).loose(),
});

/** `flow-changes`, as intake sends it to itself: look again once the flow has been still for long enough. */
export const settleMessageSchema = z.object({
  kind: z.literal("settle"),
  source,
  /** When the event happened; ISO 8601. */
  eventTime: z.string(),
  /** Sent after a restart: also do what the change already known was left without. */
  afterRestart: z.boolean().optional(),
});

/** `flow-snapshots`: a version and a suite are in the registry; plan their run. */
export const snapshotMessageSchema = z.object({
  source,
  sequence: z.number().int(),
  version: z.string(),
  suite: z.string(),
  /** What the flow says a run may spend. */
  budget: z.object({ tokens: z.number().optional(), cost: z.number().optional() }).optional(),
  /** How it is to reach production, as the flow says. */
  rollout: rollout.optional(),
  /** After that many runs that ended in an error. */
  retry: z.number().int().optional(),
  /** The run of a candidate that was rejected: `version`, which serves, is judged on its suite, beside the current run. */
  recertifyAfter: z.string().optional(),
  commit: commit.optional(),
});

/** `evaluation-shards`: one bucket of one run. */
export const shardMessageSchema = z.object({
  flow: z.string(),
  run: z.string(),
  shard: z.string(),
  source,
  /** Of the change that asked for it: a newer one supersedes it. */
  sequence: z.number().int(),
});

/** `run-completions`: the report is written; decide on it. */
export const completionMessageSchema = z.object({ flow: z.string(), run: z.string() });

/** `release-requests`: a verdict is in, or somebody asks for something. */
export const releaseMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("verdict"), flow: z.string(), run: z.string() }),
  /** Look whether time or traffic ask for a step. */
  z.object({ kind: z.literal("tick"), flow: z.string() }),
]);

/** `turn-samples`: turns of production to be scored, or one that a user disliked. `day`: of the turns, yyyy-mm-dd. */
export const turnSampleMessageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("sampled"),
    flow: z.string(),
    day: z.string(),
    /** Holds the turns, among others. */
    blob: z.string(),
    turns: z.array(z.string()).min(1),
  }),
  /** Turns that the candidate of a rollout answers too. */
  z.object({
    kind: z.literal("shadow"),
    flow: z.string(),
    blob: z.string(),
    turns: z.array(z.string()).min(1),
    rollout: z.string(),
    version: z.string(),
  }),
  z.object({ kind: z.literal("feedback"), flow: z.string(), day: z.string(), turn: z.string() }),
]);

/** `<queue>-poison`, where a function gave up on a message itself and knows why. The platform's own moves have no such frame. */
export const poisonMessageSchema = z.object({
  poisoned: z.literal(true),
  reason: z.string(),
  message: z.unknown(),
});

export type SettleMessage = z.infer<typeof settleMessageSchema>;
export type SnapshotMessage = z.infer<typeof snapshotMessageSchema>;
export type ShardMessage = z.infer<typeof shardMessageSchema>;
export type CompletionMessage = z.infer<typeof completionMessageSchema>;
export type TurnSampleMessage = z.infer<typeof turnSampleMessageSchema>;
export type ReleaseMessage = z.infer<typeof releaseMessageSchema>;
