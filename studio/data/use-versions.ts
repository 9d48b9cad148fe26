import type { FlowHistory, FlowStatus } from "../../shared/model/status.ts";
import { flowApi } from "./api.ts";
import { type KnownVersion, knownVersions } from "./known-versions.ts";
import { type Live, useLive } from "./use-live.ts";

export interface Versions {
  /** Newest first. */
  known: readonly KnownVersion[];
  status: FlowStatus;
}

/** The versions of a flow and how it stands, once both are there: what is chosen from one alone would not last. */
export function useVersions(flow: string): Live<Versions> {
  const history = useLive<FlowHistory>(`${flowApi(flow, "history")}?top=200`);
  const status = useLive<FlowStatus>(flowApi(flow));
  return {
    value:
      history.value && status.value
        ? { known: knownVersions(status.value, history.value), status: status.value }
        : undefined,
    error: history.error ?? status.error,
    refresh() {
      history.refresh();
      status.refresh();
    },
  };
}
