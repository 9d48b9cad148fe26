import { flowStatus, listFlows } from "../shared/registry/flow-status.ts";
import { managementFunction } from "./management-function.ts";

managementFunction("flows", "GET", "api/flows", async (_request, { store }) => {
  const names = await listFlows(store);
  return { flows: await Promise.all(names.map((name) => flowStatus(store, name))) };
});

managementFunction("flow", "GET", "api/flows/{flow}", (request, { store }) =>
  flowStatus(store, request.params["flow"] ?? "", request.query.get("proposal") ?? undefined),
);
