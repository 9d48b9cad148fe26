import { compareVersions } from "../shared/registry/compare-versions.ts";
import { managementFunction } from "./management-function.ts";

managementFunction("comparison", "GET", "api/flows/{flow}/comparison", (request, { store }) =>
  compareVersions(store, request.params["flow"] ?? "", {
    before: request.query.get("before") ?? "",
    after: request.query.get("after") ?? "",
  }),
);
