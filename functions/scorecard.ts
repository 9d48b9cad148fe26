import { scorecardHtml } from "../pipelines/decide/scorecard-html.ts";
import { readScorecard } from "../shared/registry/read-scorecard.ts";
import { managementFunction } from "./management-function.ts";
import { PAGE_HEADERS } from "./page-headers.ts";
import { requestOrigin } from "./request-origin.ts";

managementFunction(
  "scorecard",
  "GET",
  "api/flows/{flow}/versions/{version}/scorecard",
  (request, { store }) => readScorecard(store, request.params["flow"] ?? "", request.params["version"] ?? ""),
);

managementFunction(
  "scorecard-page",
  "GET",
  "api/flows/{flow}/versions/{version}/scorecard.html",
  async (request, { store }) => {
    const { flow = "", version = "" } = request.params;
    return {
      body: scorecardHtml(await readScorecard(store, flow, version), requestOrigin(request)),
      headers: PAGE_HEADERS,
    };
  },
);
