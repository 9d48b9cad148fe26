import { flowHistory } from "../shared/registry/flow-history.ts";
import { flowProposals } from "../shared/registry/flow-proposals.ts";
import { managementFunction } from "./management-function.ts";
import { wholeNumber } from "./whole-number.ts";

/** Whoever asks for more gets these. */
const MOST = 1000;

managementFunction("flow-history", "GET", "api/flows/{flow}/history", async (request, { store }) => {
  const top = wholeNumber(request, "top", { least: 1, otherwise: 50 });
  return flowHistory(store, request.params["flow"] ?? "", Math.min(top, MOST));
});

managementFunction("flow-proposals", "GET", "api/flows/{flow}/proposals", (request, { store }) =>
  flowProposals(store, request.params["flow"] ?? ""),
);
