import { readFileSync } from "node:fs";
import path from "node:path";

/** A resource as it would be deployed; what is known only then is an expression in brackets. */
export interface Resource {
  id: string;
  type: string;
  name: string;
  tags?: Record<string, string>;
  identity?: { type: string; userAssignedIdentities?: Record<string, object> };
  properties: Record<string, unknown>;
}

/** What is deployed for the parameters in `<name>.bicepparam`, as `npm run infra:check` predicted it. */
export function snapshotOf(name: "smallest" | "everything" | "existing-models"): Resource[] {
  const file = path.join(import.meta.dirname, `${name}.snapshot.json`);
  const { predictedResources } = JSON.parse(readFileSync(file, "utf8")) as { predictedResources: Resource[] };
  return predictedResources.map((resource) => ({ ...resource, properties: resource.properties ?? {} }));
}

export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The settings of each app, by the name of the service in azure.yaml. */
export function appSettings(resources: readonly Resource[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    ofType(resources, "Microsoft.Web/sites").map(({ tags, properties }) => {
      const { siteConfig } = properties as {
        siteConfig: { appSettings: { name: string; value: string }[] };
      };
      const settings = siteConfig.appSettings.map(({ name, value }) => [name, value]);
      return [tags?.["azd-service-name"] ?? "", Object.fromEntries(settings)];
    }),
  );
}

/** Azure's built-in roles, by the ids that every tenant has. */
const ROLES: Record<string, string> = {
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
  "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": "Storage Queue Data Message Sender",
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "Cognitive Services OpenAI User",
  "a97b65f3-24c7-4388-baec-2e87135dc908": "Cognitive Services User",
  "1407120a-92aa-4202-b7e9-c0e197c71c8f": "Search Index Data Reader",
  "d5a91429-5739-47e2-a06b-3470a27159e7": "EventGrid Data Sender",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
};

/** Every role of every identity, as `<role> on <what>`; an identity by its name without the environment's token. */
export function rolesOf(resources: readonly Resource[]): Record<string, string[]> {
  const own = new Map(
    ofType(resources, "Microsoft.Authorization/roleDefinitions").map(({ name, properties }) => [
      name,
      String(properties["roleName"]).replace(/ [a-z0-9]{13}$/, ""),
    ]),
  );
  const found: Record<string, string[]> = {};
  for (const { id, properties } of ofType(resources, "Microsoft.Authorization/roleAssignments")) {
    const { principalId, roleDefinitionId, condition } = properties as {
      principalId: string;
      roleDefinitionId: string;
      condition?: string;
    };
    const ofTopic = principalId.includes("/systemTopics/") ? "delivery" : undefined;
    const who =
      /userAssignedIdentities\/id-([a-z-]+)-[a-z0-9]{13}/.exec(principalId)?.[1] ?? ofTopic ?? principalId;
    const roleId = /[0-9a-f-]{36}(?=\W*$)/.exec(roleDefinitionId)?.[0] ?? "";
    const role = ROLES[roleId] ?? own.get(roleId) ?? roleDefinitionId;
    (found[who] ??= []).push(`${role} on ${scopeOf(id)}${condition === undefined ? "" : " (condition)"}`);
  }
  return Object.fromEntries(Object.entries(found).map(([who, roles]) => [who, roles.sort()]));
}

/** The last two parts of the scope, or "everything" for the resource group; without the environment's token. */
function scopeOf(id: string): string {
  const scope =
    /extensionResourceId\('([^']+)'/.exec(id)?.[1] ?? id.split("/providers/Microsoft.Authorization")[0];
  if (scope === undefined || /resourceGroups\/[^/]+$/.test(scope)) return "everything";
  const [kind = "", name = ""] = scope.split("/").slice(-2);
  return `${kind}/${name.replace(/-?[a-z0-9]{13}$/, "")}`;
}
