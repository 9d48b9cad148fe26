import type { FlowCatalog } from "./flow-catalog.ts";

/** `GET /v1/models`: the flows in production, in OpenAI's shape. */
export async function listModels(catalog: FlowCatalog): Promise<object> {
  const flows = await catalog.flows();
  return {
    object: "list",
    data: flows.map((flow) => ({ id: flow, object: "model", created: 0, owned_by: "flowgate" })),
  };
}
