import { flowApi } from "../data/api.ts";
import { studioPath } from "../data/location.ts";
import { FileLink } from "./file-link.tsx";

/** Lead to what a version is for, what it was shown to do, and who decided it: as a page, and as JSON. */
export function ScorecardLinks({ flow, version }: { flow: string; version: string }) {
  return (
    <>
      <a href={studioPath(["flows", flow, "versions", version, "scorecard"])}>Scorecard</a>{" "}
      <ScorecardJson flow={flow} version={version} />
    </>
  );
}

export function ScorecardJson({ flow, version }: { flow: string; version: string }) {
  return (
    <FileLink
      address={flowApi(flow, "versions", version, "scorecard")}
      words="Scorecard as JSON"
      file={`${flow}-${version}-scorecard.json`}
      type="application/json"
    />
  );
}
