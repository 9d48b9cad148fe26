import { NotFoundError } from "../shared/errors.ts";
import { runDetail } from "../shared/registry/flow-status.ts";
import { registryPath } from "../shared/registry/paths.ts";
import { managementFunction } from "./management-function.ts";

managementFunction("run", "GET", "api/flows/{flow}/runs/{run}", (request, { store }) =>
  runDetail(store, request.params["flow"] ?? "", request.params["run"] ?? ""),
);

managementFunction(
  "run-report",
  "GET",
  "api/flows/{flow}/runs/{run}/report.md",
  async (request, { store }) => {
    const { flow = "", run = "" } = request.params;
    await runDetail(store, flow, run);
    const report = await store.read("registry", registryPath.reportMarkdown(flow, run));
    if (!report) throw new NotFoundError(`Run ${run} of flow "${flow}" has no report yet.`);
    return { body: report.body, headers: { "content-type": "text/markdown; charset=utf-8" } };
  },
);
