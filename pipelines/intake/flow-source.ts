import { isFlowName } from "../../shared/model/flow-name.ts";
import type { FlowSource } from "../../shared/model/intake.ts";

/** What an event's subject says about which flow and which of its files changed. */
export interface ChangedFile {
  source: FlowSource;
  /** Relative to the flow's folder. */
  path: string;
}

const SUBJECT = /^\/blobServices\/default\/containers\/(?<container>[^/]+)\/blobs\/(?<blob>.+)$/;

/**
 * Reads the subject of a storage event. Undefined where it is not a file of a flow: another container, a blob beside
 * the flows, or a name that could not be one.
 */
export function changedFile(subject: string): ChangedFile | undefined {
  const { container, blob } = SUBJECT.exec(subject)?.groups ?? {};
  const segments = blob?.split("/") ?? [];
  if (container === "flows" && segments.length >= 2 && isFlowName(segments[0] ?? "")) {
    const [flow = "", ...path] = segments;
    return { source: { container, flow }, path: path.join("/") };
  }
  if (container === "proposals" && segments.length >= 3 && segments.slice(0, 2).every(isFlowName)) {
    const [proposal = "", flow = "", ...path] = segments;
    return { source: { container, proposal, flow }, path: path.join("/") };
  }
  return undefined;
}

/** The prefix under which a source's files lie in its container. */
export function folderOf(source: FlowSource): string {
  return source.container === "flows" ? `${source.flow}/` : `${source.proposal}/${source.flow}/`;
}
