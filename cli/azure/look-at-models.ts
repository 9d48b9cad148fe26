import type { Deployment } from "./deployment.ts";
import { ROLE_ON_MODELS } from "./expected-roles.ts";
import { identitiesOf } from "./look-at-roles.ts";

interface Account {
  id: string;
  name: string;
  location: string;
  properties: { endpoint?: string };
}

interface ModelDeployment {
  name: string;
  sku?: { name: string; capacity?: number };
  properties: { provisioningState?: string; model: { name: string; version?: string } };
}

interface Usage {
  name: { value: string };
  currentValue: number;
  limit: number;
}

interface OfferedModel {
  model: {
    name: string;
    version?: string;
    lifecycleStatus?: string;
    deprecation?: { inference?: string };
  };
}

interface Assignment {
  properties: { principalId: string; roleDefinitionId: string; scope: string };
}

/** Thousands of tokens a minute below which an evaluation mostly waits. */
const LEAST_CAPACITY = 10;

/** Time to evaluate another model and move to it. */
const NOTICE_MS = 60 * 86_400_000;

/**
 * Each model that the settings name is deployed, ready, stays for a while, and may use a useful number of tokens a
 * minute; and the apps may ask it, also where its account is none of the deployment's.
 */
export async function lookAtModels(deployment: Deployment, now: Date): Promise<string> {
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
  const offered = await azure.list<OfferedModel>(
    `/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/locations/${account.location}/models`,
    "2024-10-01",
  );
  await requireRole(deployment, account);
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
    return `${model} ${capacity}k tokens a minute${quotaOf(one, usages)}${untilWhen(one, offered, now)}`;
  });
  return found.join(", ");
}

/** Whether the apps may ask the models of the account, by a role on it or on what it is in. */
async function requireRole(deployment: Deployment, { id, name }: Account): Promise<void> {
  const assignments = await deployment.azure.list<Assignment>(
    `${id}/providers/Microsoft.Authorization/roleAssignments`,
    "2022-04-01",
  );
  const { role, name: roleName } = ROLE_ON_MODELS;
  for (const [part, principal] of await identitiesOf(deployment)) {
    if (part !== "pipeline" && part !== "chat") continue;
    const has = assignments.some(
      ({ properties: { principalId, roleDefinitionId, scope } }) =>
        principalId === principal &&
        roleDefinitionId.endsWith(role) &&
        id.toLowerCase().startsWith(scope.toLowerCase()),
    );
    if (!has) throw new Error(`${part} lacks "${roleName}" on ${name}: run \`azd provision\``);
  }
}

/** The day on which the model ends, as the service says. Throws where that is near, or new deployments are refused. */
function untilWhen(
  { name, properties: { model } }: ModelDeployment,
  offered: readonly OfferedModel[],
  now: Date,
): string {
  const known = offered.find(
    ({ model: other }) => other.name === model.name && other.version === model.version,
  )?.model;
  const day = known?.deprecation?.inference?.slice(0, 10);
  const stage = known?.lifecycleStatus ?? "";
  const isNear = day !== undefined && Date.parse(day) - now.getTime() < NOTICE_MS;
  if (isNear || /^deprecat/i.test(stage)) {
    const end = day === undefined ? "" : ` and ends on ${day}`;
    throw new Error(
      `"${name}" is ${model.name} ${model.version ?? ""}, which is ${stage || "offered"}${end}`,
    );
  }
  return day === undefined ? "" : `, until ${day}`;
}

/** How much of the subscription's quota is taken, by `OpenAI.<sku>.<model>`. */
function quotaOf({ sku, properties }: ModelDeployment, usages: readonly Usage[]): string {
  const wanted = `openai.${sku?.name ?? ""}.${properties.model.name}`.toLowerCase();
  const usage = usages.find(({ name }) => name.value.toLowerCase() === wanted);
  return usage ? ` (${usage.currentValue} of ${usage.limit} taken)` : "";
}
