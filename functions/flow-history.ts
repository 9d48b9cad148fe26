import { flowHistory } from "../shared/registry/flow-history.ts";
import { flowProposals } from "../shared/registry/flow-proposals.ts";
import { managementFunction } from "./management-function.ts";

const MOST = 1000;

managementFunction("flow-history", "GET", "api/flows/{flow}/history", (request, { store }) => {
  const top = Number(request.query.get("top") ?? 50);
  const count = Number.isInteger(top) && top > 0 ? Math.min(top, MOST) : 50;
  return flowHistory(store, request.params["flow"] ?? "", count);
});

managementFunction("flow-proposals", "GET", "api/flows/{flow}/proposals", (request, { store }) =>
  flowProposals(store, request.params["flow"] ?? ""),
);
