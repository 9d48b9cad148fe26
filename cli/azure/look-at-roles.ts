import { type Deployment, inGroup } from "./deployment.ts";
import {
  endOfScope,
  EXPECTED_ROLES,
  type ExpectedRole,
  MODEL_ACCOUNT,
  ROLES_OF_SERVICES,
  type SignedIn,
} from "./expected-roles.ts";

interface Identity {
  name: string;
  properties: { principalId: string };
}

interface Topic {
  identity?: { principalId?: string };
}

interface RoleDefinition {
  name: string;
  properties: { roleName: string };
}

interface Service {
  name: string;
  kind?: string;
}

interface Assignment {
  properties: { principalId: string; roleDefinitionId: string; scope: string };
}

/** The deployment's identities, by what they are of. */
export async function identitiesOf(deployment: Deployment): Promise<Map<SignedIn, string>> {
  const path = inGroup(deployment, "Microsoft.ManagedIdentity/userAssignedIdentities");
  const identities = await deployment.azure.list<Identity>(path, "2023-01-31");
  const found = new Map<SignedIn, string>();
  for (const { name, properties } of identities) {
    const part = /^id-(.+)-[a-z0-9]{13}$/.exec(name)?.[1] as SignedIn | undefined;
    if (part !== undefined && part in EXPECTED_ROLES) found.set(part, properties.principalId);
  }
  const topics = await deployment.azure.list<Topic>(
    inGroup(deployment, "Microsoft.EventGrid/systemTopics"),
    "2025-02-15",
  );
  const delivery = topics.find(({ identity }) => identity?.principalId !== undefined)?.identity?.principalId;
  if (delivery !== undefined) found.set("delivery", delivery);
  return found;
}

/** Who signs in is there. Of one app alone chats are its own; without a repository nobody pushes from GitHub. */
export async function lookAtIdentities(deployment: Deployment): Promise<string> {
  const found = await identitiesOf(deployment);
  for (const part of ["pipeline", "delivery"] as const) {
    if (!found.has(part)) throw new Error(`the identity of ${part} is missing`);
  }
  const pushes = [found.has("main"), found.has("pull-request")];
  if (pushes.includes(true) && pushes.includes(false)) {
    throw new Error("of the two identities that push from GitHub one is missing");
  }
  return [...found.keys()].toSorted((one, other) => one.localeCompare(other)).join(", ");
}

/** Every identity has the roles that its work takes. That they are assigned is seen at once, that they are felt is not. */
export async function lookAtRoles(deployment: Deployment): Promise<string> {
  const path = inGroup(deployment, "Microsoft.Authorization/roleAssignments");
  const assignments = await deployment.azure.list<Assignment>(path, "2022-04-01");
  const own = await ownRoles(deployment);
  const ofServices = await rolesOfServices(deployment);
  const missing: string[] = [];
  let count = 0;
  for (const [part, principal] of await identitiesOf(deployment)) {
    const given = assignments.filter(({ properties }) => properties.principalId === principal);
    const isApp = part === "pipeline" || part === "chat";
    for (const { role, name, on } of [...EXPECTED_ROLES[part], ...(isApp ? ofServices : [])]) {
      // Models of an account elsewhere are not of this group: they are looked at with the models.
      if (on === MODEL_ACCOUNT && !hasOwnModels(deployment)) continue;
      const has = given.some(({ properties: { roleDefinitionId, scope } }) => {
        const id = roleDefinitionId.split("/").at(-1) ?? "";
        return (role === undefined ? own.get(id) === name : id === role) && endOfScope(scope) === on;
      });
      if (has) count += 1;
      else missing.push(`${part} lacks "${name}" on ${on}`);
    }
  }
  if (missing.length > 0) throw new Error(missing.join("; "));
  return `${count} roles, each where it belongs`;
}

/** The names of roles without the deployment's token, by their ids. */
async function ownRoles(deployment: Deployment): Promise<Map<string, string>> {
  const path = inGroup(deployment, "Microsoft.Authorization/roleDefinitions");
  const definitions = await deployment.azure.list<RoleDefinition>(path, "2022-04-01");
  return new Map(
    definitions.map(({ name, properties: { roleName } }) => [name, roleName.replace(/ [a-z0-9]{13}$/, "")]),
  );
}

/** What the apps need of those optional services that the deployment has. */
async function rolesOfServices(deployment: Deployment): Promise<ExpectedRole[]> {
  const { azure } = deployment;
  const accounts = await azure.list<Service>(
    inGroup(deployment, "Microsoft.CognitiveServices/accounts"),
    "2024-10-01",
  );
  const searches = await azure.list<Service>(
    inGroup(deployment, "Microsoft.Search/searchServices"),
    "2023-11-01",
  );
  return [
    ...(accounts.some(({ kind }) => kind === "ContentSafety") ? [ROLES_OF_SERVICES["Content Safety"]] : []),
    ...(searches.length > 0 ? [ROLES_OF_SERVICES["AI Search"]] : []),
  ];
}

function hasOwnModels({ modelEndpoint }: Deployment): boolean {
  return /^https:\/\/oai-[a-z0-9]{13}\./.test(modelEndpoint ?? "");
}
