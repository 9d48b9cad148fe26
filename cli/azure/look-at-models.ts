import type { Deployment } from "./deployment.ts";

interface Account {
  id: string;
  name: string;
  location: string;
  properties: { endpoint?: string };
}

interface ModelDeployment {
  name: string;
  sku?: { name: string; capacity?: number };
  properties: { provisioningState?: string; model: { name: string } };
}

interface Usage {
  name: { value: string };
  currentValue: number;
  limit: number;
}

/** Thousands of tokens a minute below which an evaluation mostly waits. */
const LEAST_CAPACITY = 10;

/** Each model that the settings name is deployed, ready, and may use a useful number of tokens a minute. */
export async function lookAtModels(deployment: Deployment): Promise<string> {
  const { azure, subscription, models, modelEndpoint } = deployment;
  if (modelEndpoint === undefined) throw new Error("AZURE_OPENAI_ENDPOINT is not set");
  const host = new URL(modelEndpoint).host;
  const path = `/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/accounts`;
  const accounts = await azure.list<Account>(path, "2024-10-01");
  const account = accounts.find(
    ({ properties: { endpoint } }) => endpoint && new URL(endpoint).host === host,
  );
  if (!account) throw new Error(`no account of this subscription answers at ${host}`);

  const deployed = await azure.list<ModelDeployment>(`${account.id}/deployments`, "2024-10-01");
  const usages = await azure.list<Usage>(
    `/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/locations/${account.location}/usages`,
    "2024-10-01",
  );
  const found = [...new Set(models)].map((model) => {
    const one = deployed.find(({ name }) => name === model);
    if (!one) throw new Error(`${account.name} has no deployment "${model}"`);
    const { provisioningState } = one.properties;
    if (provisioningState !== "Succeeded") throw new Error(`"${model}" is ${provisioningState ?? "unknown"}`);
    const capacity = one.sku?.capacity ?? 0;
    if (capacity < LEAST_CAPACITY) {
      throw new Error(
        `"${model}" may use ${capacity} thousand tokens a minute; an evaluation would mostly wait`,
      );
    }
    return `${model} ${capacity}k tokens a minute${quotaOf(one, usages)}`;
  });
  return found.join(", ");
}

/** How much of the subscription's quota is taken, by `OpenAI.<sku>.<model>`. */
function quotaOf({ sku, properties }: ModelDeployment, usages: readonly Usage[]): string {
  const wanted = `openai.${sku?.name ?? ""}.${properties.model.name}`.toLowerCase();
  const usage = usages.find(({ name }) => name.value.toLowerCase() === wanted);
  return usage ? ` (${usage.currentValue} of ${usage.limit} taken)` : "";
}
