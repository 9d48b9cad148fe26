import type { FlowHistory, FlowProposals, FlowStatus } from "../../shared/model/status.ts";
import { DECISIONS } from "./decision-words.ts";
import { moment } from "./format-time.ts";

/** A version that one may choose, and what tells it from the others. */
export interface KnownVersion {
  version: string;
  /** `promoted, 26 Nov 2026 19:24, shorter answers`. */
  words: string;
}

/**
 * Every version that the latest change or the ledger names, newest first, then those that were overtaken, and those
 * that pull requests propose.
 */
export function knownVersions(
  status: FlowStatus | undefined,
  history: FlowHistory | undefined,
  proposed?: FlowProposals,
): KnownVersion[] {
  const serving = status?.release?.stable?.version;
  const known = new Map<string, KnownVersion>();
  const add = (version: string, words: (string | undefined)[]): void => {
    if (known.has(version)) return;
    const said = [version === serving ? "serving" : undefined, ...words].filter(Boolean).join(", ");
    known.set(version, { version, words: said });
  };
  const plan = status?.run?.plan;
  if (plan) add(plan.version, ["latest change", plan.commit?.message?.split("\n")[0]]);
  for (const { version, kind, at, commit } of history?.entries ?? []) {
    add(version, [DECISIONS[kind][1], moment(new Date(at)), commit?.message?.split("\n")[0]]);
  }
  for (const { version, at, commit } of history?.superseded ?? []) {
    add(version, [DECISIONS.superseded[1], moment(new Date(at)), commit?.message?.split("\n")[0]]);
  }
  for (const { proposal, run } of proposed?.proposals ?? []) {
    if (run) add(run.plan.version, [`proposed by ${proposal}`, run.plan.commit?.message?.split("\n")[0]]);
  }
  return [...known.values()];
}
