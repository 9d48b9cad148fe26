import { type Deployment, inGroup } from "./deployment.ts";

interface Site {
  name: string;
  tags?: Record<string, string>;
  identity?: { userAssignedIdentities?: Record<string, unknown> };
  properties: { state: string; defaultHostName: string };
}

interface Health {
  storage?: string;
  flows?: number;
}

/**
 * The deployment's apps run, each as its identity, and reach their storage by it: that they are ready is also the sign
 * that the roles on storage have come into effect.
 */
export async function lookAtApps(deployment: Deployment): Promise<string> {
  const sites = await deployment.azure.list<Site>(inGroup(deployment, "Microsoft.Web/sites"), "2024-04-01");
  const apps = sites.filter(({ tags }) => tags?.["azd-service-name"] !== undefined);
  if (apps.length === 0) throw new Error(`no app of Flowgate is in ${deployment.resourceGroup}`);
  const found = apps.map(async ({ name, identity, properties: { state, defaultHostName } }) => {
    if (state !== "Running") throw new Error(`${name} is ${state.toLowerCase()}`);
    if (!identity?.userAssignedIdentities) throw new Error(`${name} has no identity of its own`);
    const health = await healthOf(deployment, `https://${defaultHostName}`, name);
    if (health.storage !== "ok") throw new Error(`${name} runs, but does not reach its storage`);
    return `${name} is ready and serves ${health.flows ?? 0}`;
  });
  return (await Promise.all(found)).join("; ");
}

async function healthOf({ visit }: Deployment, url: string, name: string): Promise<Health> {
  const response = await visit(`${url}/health/ready`).catch((error: unknown) => {
    throw new Error(`${name} does not answer at ${url}`, { cause: error });
  });
  const body = (await response.json().catch(() => undefined)) as Health | undefined;
  if (!body) throw new Error(`${name} answers ${response.status}: it runs no package of Flowgate`);
  return body;
}
