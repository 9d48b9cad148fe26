import { type Deployment, inGroup } from "./deployment.ts";
import { endOfScope, EXPECTED_ROLES, MODEL_ACCOUNT, type SignedIn } from "./expected-roles.ts";

interface Identity {
  name: string;
  properties: { principalId: string };
}

interface Assignment {
  properties: { principalId: string; roleDefinitionId: string; scope: string };
}

/** The deployment's identities, by what they are of. */
async function identitiesOf(deployment: Deployment): Promise<Map<SignedIn, string>> {
  const path = inGroup(deployment, "Microsoft.ManagedIdentity/userAssignedIdentities");
  const identities = await deployment.azure.list<Identity>(path, "2023-01-31");
  const found = new Map<SignedIn, string>();
  for (const { name, properties } of identities) {
    const part = /^id-(.+)-[a-z0-9]{13}$/.exec(name)?.[1] as SignedIn | undefined;
    if (part !== undefined && part in EXPECTED_ROLES) found.set(part, properties.principalId);
  }
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
  const missing: string[] = [];
  let count = 0;
  for (const [part, principal] of await identitiesOf(deployment)) {
    const own = assignments.filter(({ properties }) => properties.principalId === principal);
    for (const { role, name, on } of EXPECTED_ROLES[part]) {
      // Models of an account elsewhere are not of this group; that they answer is another check's.
      if (on === MODEL_ACCOUNT && !hasOwnModels(deployment)) continue;
      const has = own.some(
        ({ properties: { roleDefinitionId, scope } }) =>
          roleDefinitionId.endsWith(role) && endOfScope(scope) === on,
      );
      if (has) count += 1;
      else missing.push(`${part} lacks "${name}" on ${on}`);
    }
  }
  if (missing.length > 0) throw new Error(missing.join("; "));
  return `${count} roles, each where it belongs`;
}

function hasOwnModels({ modelEndpoint }: Deployment): boolean {
  return /^https:\/\/oai-[a-z0-9]{13}\./.test(modelEndpoint ?? "");
}
