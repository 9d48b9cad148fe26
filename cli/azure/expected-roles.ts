/** The parts of a deployment that sign in. Identities are named `id-<part>-<token>`, but for delivery's, the topic's own. */
export type SignedIn = "pipeline" | "chat" | "delivery" | "main" | "pull-request";

/** A role, and what it is on: the end of the scope without the deployment's token. */
export interface ExpectedRole {
  /** The id of a built-in role of Azure; undefined for the deployment's own, which is known by its name. */
  role: string | undefined;
  name: string;
  on: string;
}

const BLOB_WRITER = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"] as const;
/** Of infra/modules/blob-role.bicep: blobs, and nothing about their container. */
const BLOBS = [undefined, "Flowgate blob writer"] as const;
const BLOB_READER = ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"] as const;
const QUEUES = ["974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor"] as const;
const QUEUE_SENDER = ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "Storage Queue Data Message Sender"] as const;
const TABLES = ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor"] as const;
const METRICS = ["3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher"] as const;
const MODELS = ["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", "Cognitive Services OpenAI User"] as const;
const SAFETY = ["a97b65f3-24c7-4388-baec-2e87135dc908", "Cognitive Services User"] as const;
const INDEXES = ["1407120a-92aa-4202-b7e9-c0e197c71c8f", "Search Index Data Reader"] as const;
const EVENTS = ["d5a91429-5739-47e2-a06b-3470a27159e7", "EventGrid Data Sender"] as const;

/** What every app needs on the account of its models. */
export const ROLE_ON_MODELS = { role: MODELS[0], name: MODELS[1] };

/** Of an account of the deployment's own; one that existed before has a name of its own. */
export const MODEL_ACCOUNT = "accounts/oai";

/**
 * What each identity needs to do its work; tests/infra/ holds it to be what infra/ assigns. Services that are optional
 * are in `ROLES_OF_SERVICES`.
 */
export const EXPECTED_ROLES: Readonly<Record<SignedIn, readonly ExpectedRole[]>> = {
  pipeline: [
    ...ofApp("pipeline"),
    expected(BLOB_READER, "containers/flows"),
    expected(BLOB_READER, "containers/proposals"),
    expected(BLOBS, "containers/registry"),
    expected(BLOBS, "containers/cache"),
    expected(BLOBS, "containers/traffic"),
    expected(QUEUES, "storageAccounts/st"),
    expected(EVENTS, "topics/evgt-flowgate"),
  ],
  chat: [
    ...ofApp("chat"),
    expected(BLOBS, "containers/registry"),
    expected(BLOBS, "containers/traffic"),
    expected(QUEUE_SENDER, "queues/turn-samples"),
  ],
  delivery: [expected(QUEUE_SENDER, "queues/flow-changes"), expected(BLOB_WRITER, "containers/dead-letters")],
  main: [expected(BLOBS, "containers/flows")],
  "pull-request": [expected(BLOBS, "containers/proposals")],
};

/** What every app needs of services that a deployment may have, by their types. */
export const ROLES_OF_SERVICES: Readonly<Record<"Content Safety" | "AI Search", ExpectedRole>> = {
  "Content Safety": expected(SAFETY, "accounts/cs"),
  "AI Search": expected(INDEXES, "searchServices/srch"),
};

function ofApp(app: "pipeline" | "chat"): ExpectedRole[] {
  return [
    expected(BLOB_WRITER, "containers/azure-webjobs-hosts"),
    expected(BLOB_WRITER, "containers/azure-webjobs-secrets"),
    expected(BLOB_WRITER, `containers/packages-${app}`),
    expected(TABLES, "storageAccounts/st"),
    expected(METRICS, "components/appi"),
    expected(MODELS, MODEL_ACCOUNT),
  ];
}

function expected([role, name]: readonly [string | undefined, string], on: string): ExpectedRole {
  return { role, name, on };
}

/** The end of a scope without the token that makes a deployment's names its own: `containers/registry`. */
export function endOfScope(scope: string): string {
  const [kind = "", name = ""] = scope.split("/").slice(-2);
  return `${kind}/${name.replace(/-?[a-z0-9]{13}$/, "")}`;
}
