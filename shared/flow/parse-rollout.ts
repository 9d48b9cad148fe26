import * as z from "zod";
import type { GateRequirement, Rollout, ShadowPlan } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { isFields } from "./prompty-property.ts";
import { reportFlowIssues } from "./report-flow-issues.ts";
import {
  DURATION,
  ROLLOUT_DEFAULTS,
  rolloutSchema,
  SHADOW_DEFAULTS,
  type shadowSchema,
  SHARE,
} from "./rollout-schema.ts";

const IMMEDIATE: Rollout = { kind: "immediate" };
const REMEDY = "Write rollout: immediate, or rollout: { canary: [5%, 25%, 50%] }.";
const MS = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const TAIL: ReadonlySet<string> = new Set(["p95", "p99", "max"]);

/** Reads `rollout` with every default filled in. `gate` may say what an answer may take. */
export function parseRollout(
  written: unknown,
  gate: readonly GateRequirement[],
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): Rollout {
  if (written === undefined || written === "immediate") return IMMEDIATE;
  const error = (at: PropertyKey[], message: string, remedy = REMEDY): Rollout => {
    findings.error(FLOW_FILE, yaml.placeOf(["rollout", ...at]), message, remedy);
    return IMMEDIATE;
  };
  if (!isFields(written)) {
    return error(
      [],
      written === "canary"
        ? "A canary names the shares of its steps."
        : `There is no rollout ${JSON.stringify(written)}.`,
    );
  }
  const parsed = z.object({ rollout: rolloutSchema }).safeParse({ rollout: written });
  if (!parsed.success) {
    reportFlowIssues(parsed.error, yaml, findings);
    return IMMEDIATE;
  }
  const { canary, latencyObjective, shadow, ...given } = parsed.data.rollout;
  const read = withDefaults(given);
  const steps = canary.map(shareOf);
  for (const [index, share] of steps.entries()) {
    if (share <= 0 || share >= 1) {
      const what = share <= 0 ? "nobody" : "everybody, whom the version gets after the last step";
      return error(
        ["canary", index],
        `A step of ${String(canary[index])} is ${what}.`,
        "Name shares above 0% and below 100%.",
      );
    }
    if (share <= (steps[index - 1] ?? 0)) {
      const remedy = "List the shares from small to large: [5%, 25%, 50%].";
      return error(
        ["canary", index],
        `A step of ${String(canary[index])} is no larger than the one before.`,
        remedy,
      );
    }
  }
  const minTimeMs = durationOf(read.minTime);
  const maxTimeMs = durationOf(read.maxTime);
  if (maxTimeMs <= minTimeMs) {
    const at = "maxTime" in written ? "maxTime" : "minTime";
    return error(
      [at],
      `maxTime ${read.maxTime} is not above minTime ${read.minTime}.`,
      "Give a step more time.",
    );
  }
  if (shadow && shadowPlan(shadow).noWorseThan >= 0.5) {
    const message = `With noWorseThan ${String(shadow.noWorseThan)} a version that loses every comparison is good enough.`;
    return error(["shadow", "noWorseThan"], message, "Name less than 50%, such as 5%.");
  }
  return {
    kind: "canary",
    steps,
    minSessions: read.minSessions,
    minTimeMs,
    maxTimeMs,
    quietMs: durationOf(read.quiet),
    soakMs: durationOf(read.soak),
    approval: read.approval,
    expiresMs: durationOf(read.expires),
    latencyObjectiveMs: latencyObjective === undefined ? slowestAccepted(gate) : durationOf(latencyObjective),
    margin: shareOf(read.margin),
    ...(shadow && { shadow: shadowPlan(shadow) }),
  };
}

type Given = Omit<z.infer<typeof rolloutSchema>, "canary" | "latencyObjective" | "shadow">;

function withDefaults(given: Given): Required<{ [Key in keyof Given]: NonNullable<Given[Key]> }> {
  const {
    minSessions = ROLLOUT_DEFAULTS.minSessions,
    minTime = ROLLOUT_DEFAULTS.minTime,
    maxTime = ROLLOUT_DEFAULTS.maxTime,
    quiet = ROLLOUT_DEFAULTS.quiet,
    soak = ROLLOUT_DEFAULTS.soak,
    approval = ROLLOUT_DEFAULTS.approval,
    expires = ROLLOUT_DEFAULTS.expires,
    margin = ROLLOUT_DEFAULTS.margin,
  } = given;
  return { minSessions, minTime, maxTime, quiet, soak, approval, expires, margin };
}

function shadowPlan({
  share = SHADOW_DEFAULTS.share,
  minTurns = SHADOW_DEFAULTS.minTurns,
  noWorseThan = SHADOW_DEFAULTS.noWorseThan,
}: z.infer<typeof shadowSchema>): ShadowPlan {
  return { share: shareOf(share), minTurns, noWorseThan: shareOf(noWorseThan) };
}

function slowestAccepted(gate: readonly GateRequirement[]): number | undefined {
  return gate.find(({ metric, statistic }) => metric === "latency" && TAIL.has(statistic))?.threshold?.value;
}

function shareOf(written: string | number): number {
  return typeof written === "number" ? written : Number(SHARE.exec(written)?.[1]) / 100;
}

/** In milliseconds. */
function durationOf(written: string): number {
  const [, digits, unit = "s"] = DURATION.exec(written) ?? [];
  return Number(digits) * MS[unit as keyof typeof MS];
}
