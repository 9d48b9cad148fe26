import * as z from "zod";
import type { Approval } from "../model/flow.ts";
import { suggestion } from "./nearest-name.ts";
import { fields } from "./strict-fields.ts";

const NUMBER = String.raw`(?:\d+(?:\.\d+)?|\.\d+)`;
/** Of 100 % at most. */
export const SHARE = /^\s*(100(?:\.0+)?|\d{1,2}(?:\.\d+)?|\.\d+)\s*%\s*$/;
export const DURATION = new RegExp(String.raw`^\s*(${NUMBER})\s*(ms|s|min|m|h|d)\s*$`);

const EXPECTED_SHARE = "Expected a share such as 5%.";
const EXPECTED_TIME = "Expected a time such as 10m, 1h or 2d.";
export const share = z.union(
  [
    z.string().regex(SHARE, EXPECTED_SHARE),
    z.number(EXPECTED_SHARE).min(0, EXPECTED_SHARE).max(1, EXPECTED_SHARE),
  ],
  EXPECTED_SHARE,
);
const time = z.string(EXPECTED_TIME).regex(DURATION, EXPECTED_TIME);

const APPROVALS = ["none", "first", "last", "each"] as const satisfies readonly Approval[];

/** The values of a rollout that says no more than its steps, as they would be written. */
export const ROLLOUT_DEFAULTS = {
  minSessions: 100,
  minTime: "10m",
  maxTime: "24h",
  quiet: "30m",
  soak: "1h",
  approval: "none",
  expires: "24h",
  margin: "5%",
} as const;

export const SHADOW_DEFAULTS = { share: "10%", minTurns: 50, noWorseThan: "5%" } as const;

/** `rollout.shadow` as it is written. */
export const shadowSchema = fields({
  share: share.optional().meta({
    description: "The share of production's turns that the new version answers too.",
    default: SHADOW_DEFAULTS.share,
  }),
  minTurns: z.int("Expected a whole number.").min(1, "At least 1.").optional().meta({
    description: "The turns that must have been compared before anybody is served by it.",
    default: SHADOW_DEFAULTS.minTurns,
  }),
  noWorseThan: share.optional().meta({
    description:
      "How far below one half its share of wins may be, where a judge compares both answers in both orders and a tie is half a win.",
    default: SHADOW_DEFAULTS.noWorseThan,
  }),
});

/** `rollout` as it is written where it is not `immediate`. */
export const rolloutSchema = fields({
  canary: z
    .array(share, "Expected a list of shares such as [5%, 25%, 50%].")
    .min(1, "Name at least one share: [5%, 25%, 50%].")
    .max(20, "At most 20 steps.")
    .describe("The shares of the sessions that the new version answers, step by step: [5%, 25%, 50%]."),
  minSessions: z.int("Expected a whole number.").min(1, "At least 1.").optional().meta({
    description: "The sessions that the new version must have answered at each step.",
    default: ROLLOUT_DEFAULTS.minSessions,
  }),
  minTime: time.optional().meta({
    description: "The least that a step lasts.",
    default: ROLLOUT_DEFAULTS.minTime,
  }),
  maxTime: time.optional().meta({
    description: "The most that a step lasts; then it is paused.",
    default: ROLLOUT_DEFAULTS.maxTime,
  }),
  quiet: time.optional().meta({
    description: "How long nothing may be heard of the traffic; then it is paused.",
    default: ROLLOUT_DEFAULTS.quiet,
  }),
  soak: time.optional().meta({
    description: "How long the new version is watched once it answers everybody; 0s: not at all.",
    default: ROLLOUT_DEFAULTS.soak,
  }),
  approval: z
    .enum(APPROVALS, {
      error: ({ input }) => {
        const written = typeof input === "string" ? input : JSON.stringify(input);
        return `There is no approval ${written}. ${suggestion(written, APPROVALS, "approvals")}`;
      },
    })
    .optional()
    .meta({
      description: "Where a person is asked: never, before the first step, before everybody, or before each.",
      default: ROLLOUT_DEFAULTS.approval,
    }),
  expires: time.optional().meta({
    description: "How long a pause or a question for approval waits; then the new version is taken back.",
    default: ROLLOUT_DEFAULTS.expires,
  }),
  latencyObjective: time
    .optional()
    .describe(
      "A turn that takes longer is a defect (default: the gate's limit of latency, where it has one).",
    ),
  shadow: shadowSchema
    .optional()
    .describe("Before the first step the new version answers a share of the turns unseen, and is compared."),
  margin: share.optional().meta({
    description: "How much more often than production the new version may fail before it counts against it.",
    default: ROLLOUT_DEFAULTS.margin,
  }),
});
