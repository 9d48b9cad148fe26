import type { FlowHistory, FlowProposals, FlowStatus } from "../../shared/model/status.ts";
import { flowApi } from "./api.ts";
import { type KnownVersion, knownVersions } from "./known-versions.ts";
import { type Live, useLive } from "./use-live.ts";

export interface Versions {
  /** Newest first; those of pull requests behind the others. */
  known: readonly KnownVersion[];
  status: FlowStatus;
}

const PROPOSALS_MS = 15_000;

/** The versions of a flow and how it stands, once both are there: what is chosen from one alone would not last. */
export function useVersions(flow: string): Live<Versions> {
  const history = useLive<FlowHistory>(`${flowApi(flow, "history")}?top=200`);
  const status = useLive<FlowStatus>(flowApi(flow));
  const proposals = useLive<FlowProposals>(flowApi(flow, "proposals"), { everyMs: PROPOSALS_MS }).value;
  return {
    value:
      history.value && status.value
        ? { known: knownVersions(status.value, history.value, proposals), status: status.value }
        : undefined,
    error: history.error ?? status.error,
    refresh() {
      history.refresh();
      status.refresh();
    },
  };
}
