import { NotFoundError } from "../shared/errors.ts";
import { runDetail } from "../shared/registry/flow-status.ts";
import { runRows } from "../shared/registry/flow-versions.ts";
import { registryPath } from "../shared/registry/paths.ts";
import { managementFunction } from "./management-function.ts";
import { PAGE_HEADERS } from "./page-headers.ts";
import { wholeNumber } from "./whole-number.ts";

const DEFAULT_ROWS = 50;

managementFunction("run", "GET", "api/flows/{flow}/runs/{run}", (request, { store }) =>
  runDetail(store, request.params["flow"] ?? "", request.params["run"] ?? ""),
);

managementFunction("run-rows", "GET", "api/flows/{flow}/runs/{run}/rows", async (request, { store }) => {
  const { flow = "", run = "" } = request.params;
  const { query } = request;
  return runRows(store, flow, run, {
    shard: query.get("shard") ?? undefined,
    offset: wholeNumber(request, "offset", { least: 0, otherwise: 0 }),
    top: wholeNumber(request, "top", { least: 1, otherwise: DEFAULT_ROWS }),
    context: query.get("context") === "true",
  });
});

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
