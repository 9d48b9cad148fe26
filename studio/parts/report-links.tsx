import { flowApi, getText } from "../data/api.ts";
import { accessKey } from "../data/access-key.ts";
import { saveFile } from "../data/save-file.ts";

const FILES: [file: string, words: string, type: string][] = [
  ["report.html", "Report as a page", "text/html"],
  ["report.md", "as Markdown", "text/markdown"],
];

/** The report as it is kept. A link carries no key, so whoever signed in with one is given the file instead. */
export function ReportLinks({ flow, run }: { flow: string; run: string }) {
  const isSignedIn = accessKey() !== undefined;
  return (
    <p class="links">
      {FILES.map(([file, words, type]) => {
        const address = flowApi(flow, "runs", run, file);
        return isSignedIn ? (
          <button key={file} type="button" class="link" onClick={() => void download(address, file, type)}>
            {words}
          </button>
        ) : (
          <a key={file} href={address} target="_blank" rel="noopener">
            {words}
          </a>
        );
      })}
    </p>
  );
}

async function download(address: string, file: string, type: string): Promise<void> {
  saveFile(file, await getText(address), type);
}
