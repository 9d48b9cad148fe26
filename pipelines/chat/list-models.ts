import type { ListedModel, ModelList } from "../../shared/model/chat-answers.ts";
import { unknownFlow } from "./chat-error.ts";
import type { FlowCatalog } from "./flow-catalog.ts";

/** `GET /v1/models`: the flows in production, in OpenAI's shape. */
export async function listModels(catalog: FlowCatalog): Promise<ModelList> {
  const flows = await catalog.flows();
  return { object: "list", data: flows.map(modelOf) };
}

/** `GET /v1/models/{model}`: one of them. Throws `ChatError` that names those there are. */
export async function oneModel(name: string, catalog: FlowCatalog): Promise<ListedModel> {
  const flows = await catalog.flows();
  if (flows.includes(name)) return modelOf(name);
  throw unknownFlow(name, flows);
}

function modelOf(flow: string): ListedModel {
  return { id: flow, object: "model", created: 0, owned_by: "flowgate" };
}
