import type { Changes, SettingChange } from "../../shared/model/changes.ts";
import type { Report, Verdict } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { openVersionSnapshot } from "../../shared/registry/open-snapshot.ts";
import { reportView } from "../../shared/report/report-view.ts";
import { versionChanges } from "../../shared/report/version-changes.ts";
import { suiteChanges, type SuiteSnapshot } from "../../shared/report/suite-changes.ts";
import { reportHtml } from "./report-html.ts";
import { reportMarkdown } from "./report-markdown.ts";

/** Writes the report as people read it, once: as JSON, as Markdown and as a page, all three from one view of it. */
export async function publishReport(
  report: Report,
  verdict: Verdict,
  suite: SuiteManifest,
  store: BlobStore,
): Promise<void> {
  const { flow, id } = report.run;
  const [changes, suiteSettings] = [
    await changesOf(report, store),
    await suiteSettingsOf(report, suite, store),
  ];
  const view = reportView(report, verdict, suite.definition, changes, suiteSettings);
  await createJson(store, "registry", registryPath.reportView(flow, id), view);
  await store.create("registry", registryPath.reportMarkdown(flow, id), reportMarkdown(view));
  await store.create("registry", registryPath.reportHtml(flow, id), reportHtml(view));
}

async function changesOf({ run }: Report, store: BlobStore): Promise<Changes | undefined> {
  const { flow, version, baseline } = run;
  if (baseline === undefined) return undefined;
  const before = await openVersionSnapshot(store, flow, baseline);
  const after = await openVersionSnapshot(store, flow, version);
  return before && after && versionChanges(before, after);
}

/** Gate, evaluators and judge beside those that production was certified by. Rows are told of in words of their own. */
async function suiteSettingsOf(
  { run }: Report,
  suite: SuiteManifest,
  store: BlobStore,
): Promise<SettingChange[]> {
  if (run.certifiedOn === undefined) return [];
  const path = registryPath.suite(run.flow, run.certifiedOn);
  const certified = await readJson<SuiteManifest>(store, "registry", path);
  if (!certified) return [];
  const withoutFiles = ({ definition, judge }: SuiteManifest): SuiteSnapshot => ({
    definition,
    judge: judge.model,
    files: [],
    read: () => Promise.resolve(undefined),
  });
  return (await suiteChanges(withoutFiles(certified.value), withoutFiles(suite))).settings;
}
