import type { ComponentChildren } from "preact";
import type { VersionDetail } from "../../shared/model/status.ts";
import type { SuiteManifest, VersionManifest } from "../../shared/model/version.ts";
import { flowApi } from "../data/api.ts";
import { studioPath, usePlace } from "../data/location.ts";
import { countWords } from "../data/number-words.ts";
import { useLive } from "../data/use-live.ts";
import { useText } from "../data/use-text.ts";
import type { Page } from "../page.ts";
import { CommitWords } from "../parts/change-words.tsx";
import { FileLink } from "../parts/file-link.tsx";
import { Moment } from "../parts/moment.tsx";
import { ScorecardLinks } from "../parts/scorecard-links.tsx";
import { Loaded } from "../parts/states.tsx";

type Parameters = Record<string, string>;
type Kind = "versions" | "suites";

export const versionPage: Page = {
  path: "/flows/{flow}/versions/{version}",
  title: ({ flow = "", version = "" }) => `Files of ${flow}@${version}`,
  view: VersionPage,
};

export const suitePage: Page = {
  path: "/flows/{flow}/suites/{suite}",
  title: ({ flow = "", suite = "" }) => `Files of suite ${suite} of ${flow}`,
  view: SuitePage,
};

/** It never changes: asked again only so that what was not there yet appears. */
const EVERY_MS = 60_000;
/** Characters of a file that are shown; all of it is one link away. */
const SHOWN = 200_000;

function VersionPage({ parameters: { flow = "", version = "" } }: { parameters: Parameters }) {
  const live = useLive<VersionDetail>(flowApi(flow, "versions", version), { everyMs: EVERY_MS });
  return (
    <Loaded live={live} what="the version">
      {({ manifest }) => (
        <Snapshot kind="versions" manifest={manifest}>
          <p class="links">
            <ScorecardLinks flow={flow} version={version} />
          </p>
        </Snapshot>
      )}
    </Loaded>
  );
}

function SuitePage({ parameters: { flow = "", suite = "" } }: { parameters: Parameters }) {
  const live = useLive<SuiteManifest>(flowApi(flow, "suites", suite), { everyMs: EVERY_MS });
  return (
    <Loaded live={live} what="the suite">
      {(manifest) => <Snapshot kind="suites" manifest={manifest} />}
    </Loaded>
  );
}

/** The files of a snapshot by name and hash, and the one that the address names as it is. */
function Snapshot({
  kind,
  manifest,
  children,
}: {
  kind: Kind;
  manifest: VersionManifest | SuiteManifest;
  children?: ComponentChildren;
}) {
  const { flow, id, files, createdAt } = manifest;
  const open = usePlace().query.get("file");
  return (
    <>
      <h1>
        {kind === "versions" ? "Version" : "Suite"} <code>{id}</code>
      </h1>
      {"commit" in manifest && <CommitWords commit={manifest.commit} />}
      <p class="quiet small">
        Its name is a hash of these files. First seen <Moment at={createdAt} />.
      </p>
      {children}
      <table class="rows cards">
        <caption class="visually-hidden">Its files</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" class="number">
              Bytes
            </th>
            <th scope="col" class="number">
              SHA-256
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, bytes, sha256 }) => (
            <tr key={path}>
              <th scope="row" class="place">
                <a
                  href={studioPath(["flows", flow, kind, id], { file: path })}
                  aria-current={path === open ? "true" : undefined}
                >
                  {path}
                </a>
              </th>
              <td data-name="Bytes" class="number">
                {countWords(bytes)}
              </td>
              <td data-name="SHA-256" class="number">
                <code title={sha256}>{sha256.slice(0, 16)}…</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open !== null && <FileText address={flowApi(flow, kind, id, "file")} path={open} />}
    </>
  );
}

function FileText({ address, path }: { address: string; path: string }) {
  const whole = `${address}?path=${encodeURIComponent(path)}`;
  const live = useText(whole);
  return (
    <section aria-label={path}>
      <h2 class="place">{path}</h2>
      <p class="links">
        <FileLink address={whole} words="As a file" file={path.split("/").at(-1) ?? path} type="text/plain" />
      </p>
      <Loaded live={live} what={path}>
        {(text) => (
          <>
            <pre class="text" dir="auto" tabIndex={0} aria-label={`Text of ${path}`}>
              {text.slice(0, SHOWN)}
            </pre>
            {text.length > SHOWN && <p class="quiet">Its first {SHOWN} characters.</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
