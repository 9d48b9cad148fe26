import { flowApi } from "../data/api.ts";
import { FileLink } from "./file-link.tsx";
import { ScorecardLinks } from "./scorecard-links.tsx";

const FILES: [file: string, words: string, type: string][] = [
  ["report.html", "Report as a page", "text/html"],
  ["report.md", "as Markdown", "text/markdown"],
];

/** The report as it is kept, and the scorecard of the version that it is about. */
export function ReportLinks({ flow, run, version }: { flow: string; run: string; version: string }) {
  return (
    <p class="links">
      {FILES.map(([file, words, type]) => (
        <FileLink key={file} address={flowApi(flow, "runs", run, file)} {...{ words, file, type }} />
      ))}
      <ScorecardLinks flow={flow} version={version} />
    </p>
  );
}
