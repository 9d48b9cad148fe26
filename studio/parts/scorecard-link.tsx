import { flowApi } from "../data/api.ts";
import { FileLink } from "./file-link.tsx";

/** Leads to what a version is for, what it was shown to do, and who decided it. */
export function ScorecardLink({ flow, version }: { flow: string; version: string }) {
  return (
    <FileLink
      address={flowApi(flow, "versions", version, "scorecard.html")}
      words="Scorecard"
      file={`${flow}-${version}-scorecard.html`}
      type="text/html"
    />
  );
}
