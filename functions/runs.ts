import { NotFoundError } from "../shared/errors.ts";
import { runDetail } from "../shared/registry/flow-status.ts";
import { runRows } from "../shared/registry/flow-versions.ts";
import { registryPath } from "../shared/registry/paths.ts";
import { managementFunction } from "./management-function.ts";
import { PAGE_HEADERS } from "./page-headers.ts";

const DEFAULT_ROWS = 50;

managementFunction("run", "GET", "api/flows/{flow}/runs/{run}", (request, { store }) =>
  runDetail(store, request.params["flow"] ?? "", request.params["run"] ?? ""),
);

managementFunction("run-rows", "GET", "api/flows/{flow}/runs/{run}/rows", (request, { store }) => {
  const { flow = "", run = "" } = request.params;
  const { query } = request;
  return runRows(store, flow, run, {
    shard: query.get("shard") ?? undefined,
    offset: countOf(query.get("offset"), 0),
    top: countOf(query.get("top"), DEFAULT_ROWS),
    context: query.get("context") === "true",
  });
});

function countOf(text: string | null, otherwise: number): number {
  const count = Number(text ?? otherwise);
  return Number.isSafeInteger(count) && count >= 0 ? count : otherwise;
}

const MARKDOWN_HEADERS = {
  "content-type": "text/markdown; charset=utf-8",
  "x-content-type-options": "nosniff",
};

serveReport("run-report", "report.md", registryPath.reportMarkdown, MARKDOWN_HEADERS);
serveReport("run-page", "report.html", registryPath.reportHtml, PAGE_HEADERS);

function serveReport(
  name: string,
  file: string,
  pathOf: (flow: string, run: string) => string,
  headers: Record<string, string>,
): void {
  managementFunction(name, "GET", `api/flows/{flow}/runs/{run}/${file}`, async (request, { store }) => {
    const { flow = "", run = "" } = request.params;
    await runDetail(store, flow, run);
    const report = await store.read("registry", pathOf(flow, run));
    if (!report) throw new NotFoundError(`Run ${run} of flow "${flow}" has no ${file} yet.`);
    return { body: report.body, headers };
  });
}
