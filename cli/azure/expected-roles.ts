/** The parts of a deployment that sign in, as their identities are named: `id-<part>-<token>`. */
export type SignedIn = "pipeline" | "chat" | "delivery" | "main" | "pull-request";

/** A built-in role of Azure by its id, and what it is on: the end of the scope without the deployment's token. */
export interface ExpectedRole {
  role: string;
  name: string;
  on: string;
}

const BLOB_WRITER = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"] as const;
const BLOB_READER = ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"] as const;
const QUEUES = ["974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor"] as const;
const QUEUE_SENDER = ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "Storage Queue Data Message Sender"] as const;
const TABLES = ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor"] as const;
const METRICS = ["3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher"] as const;
const MODELS = ["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", "Cognitive Services OpenAI User"] as const;
const EVENTS = ["d5a91429-5739-47e2-a06b-3470a27159e7", "EventGrid Data Sender"] as const;

/** Of an account of the deployment's own; one that existed before has a name of its own. */
export const MODEL_ACCOUNT = "accounts/oai";

/**
 * What each identity needs to do its work; tests/infra/ holds it to be what infra/ assigns. Optional services are not
 * among it: whether they are asked for is the deployment's own.
 */
export const EXPECTED_ROLES: Readonly<Record<SignedIn, readonly ExpectedRole[]>> = {
  pipeline: [
    ...ofApp("pipeline"),
    expected(BLOB_READER, "containers/flows"),
    expected(BLOB_READER, "containers/proposals"),
    expected(BLOB_WRITER, "containers/registry"),
    expected(BLOB_WRITER, "containers/cache"),
    expected(BLOB_WRITER, "containers/traffic"),
    expected(QUEUES, "storageAccounts/st"),
    expected(EVENTS, "topics/evgt-flowgate"),
  ],
  chat: [
    ...ofApp("chat"),
    expected(BLOB_WRITER, "containers/registry"),
    expected(BLOB_WRITER, "containers/traffic"),
    expected(QUEUE_SENDER, "queues/turn-samples"),
  ],
  delivery: [expected(QUEUE_SENDER, "queues/flow-changes"), expected(BLOB_WRITER, "containers/dead-letters")],
  main: [expected(BLOB_WRITER, "containers/flows")],
  "pull-request": [expected(BLOB_WRITER, "containers/proposals")],
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

function expected([role, name]: readonly [string, string], on: string): ExpectedRole {
  return { role, name, on };
}

/** The end of a scope without the token that makes a deployment's names its own: `containers/registry`. */
export function endOfScope(scope: string): string {
  const [kind = "", name = ""] = scope.split("/").slice(-2);
  return `${kind}/${name.replace(/-?[a-z0-9]{13}$/, "")}`;
}
