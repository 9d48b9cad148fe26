import * as z from "zod";
import { SettingsError } from "./errors.ts";
import { budgetSchema, parseBudget } from "./flow/parse-budget.ts";
import { schemaWords } from "./flow/schema-words.ts";
import { ROLES, type Role } from "./model/access.ts";
import type { Budget } from "./model/budget.ts";
import { OFFLINE_STAND_IN } from "./model/offline-stand-in.ts";
import { type OtlpSettings, otlpSettingsOf } from "./otlp-settings.ts";

/**
 * The only reader of the environment. Every setting has a default that works on the embedded platform or is absent,
 * in which case the platform supplies it.
 */
export interface Settings {
  /** The embedded host's port; it binds to 127.0.0.1. */
  port: number;
  /** Where a platform that is not the embedded one answers, and the key of who asks, for any platform: for the command. */
  remote: { url: string | undefined; key: string | undefined };
  /** Where the embedded platform keeps its state. */
  dataFolder: string;
  storage: StorageSettings | undefined;
  /** Signs the process in to Azure by tokens of the GitHub workflow it runs in; undefined elsewhere. */
  workflowIdentity: WorkflowIdentity | undefined;
  /** The GitHub workflow that the command runs in. */
  github: GitHubSettings | undefined;
  model: ModelSettings;
  /** `byIdentity`: what is sent is signed by the process's identity, as a service wants that takes no keys. */
  telemetry: { connectionString: string; byIdentity?: boolean } | undefined;
  /** Where telemetry goes by OTLP, beside that or in its place; undefined: nowhere. */
  otlp: OtlpSettings | undefined;
  eventGrid: { endpoint: string; key: string | undefined } | undefined;
  /** The deployment in Azure that `flowgate doctor --azure` looks at. */
  azure: { subscription: string; resourceGroup: string } | undefined;
  /** Judges harm where it is set. */
  contentSafety: ContentSafetySettings | undefined;
  /** Search services that flows name, by name. */
  connections: Record<string, SearchConnection>;
  /** US dollars per million tokens of models that the list of known prices lacks, or prices otherwise. */
  prices: Record<string, { input: number; output: number }>;
  access: AccessSettings;
  /** Chat turns that one caller may begin in a minute, per process; undefined: as many as they like. */
  chatPerMinute: number | undefined;
  /** What the clients of one flow may spend in a day (UTC), all processes together. */
  chatBudget: Budget;
  /** What the runs of one flow may spend in a day (UTC), all processes together. */
  dailyBudget: Budget;
  /** Whether telemetry may hold the text of prompts and answers. */
  captureContent: boolean;
  /** Edits that no `.commit.json` closes become a version after this much quiet. */
  settleMs: number;
}

/** Who may call the app. */
export interface AccessSettings {
  /** Everybody on this machine may do everything. Undefined: nothing is said, and nobody may. */
  open: boolean | undefined;
  /** By name. */
  keys: Record<string, AccessKey>;
  /** Tokens of Microsoft Entra ID are taken where it is set. */
  entra: EntraSettings | undefined;
}

export interface AccessKey {
  role: Role;
  /** Of the key; the key itself is kept by who uses it. */
  sha256: string;
}

export interface EntraSettings {
  /** `https://login.microsoftonline.com`, or another cloud's. */
  authority: string;
  tenant: string;
  /** The client id of the app registration that stands for Flowgate. */
  audience: string;
}

/** By connection string (emulator), or by account name and the process's identity (Azure). */
export type StorageSettings =
  | { connectionString: string }
  | { accountName: string; identity?: WorkflowIdentity | undefined };

/** A managed identity that trusts tokens of a GitHub workflow, and where the workflow is given one. */
export interface WorkflowIdentity {
  tenant: string;
  client: string;
  tokenUrl: string;
  tokenKey: string;
}

/** What GitHub tells a workflow's steps. */
export interface GitHubSettings {
  apiUrl: string;
  serverUrl: string;
  /** `owner/name`. */
  repository: string;
  token: string | undefined;
  event: string;
  /** Holds the event as JSON. */
  eventFile: string;
  commit: string;
  runId: string | undefined;
  /** What is appended here stands on the run's page, as Markdown. */
  summaryFile: string | undefined;
}

/** Azure AI Search; without a key by the process's identity. */
export interface SearchConnection {
  kind: "azure-ai-search";
  endpoint: string;
  apiKey: string | undefined;
}

/** Azure AI Content Safety; without a key by the process's identity. */
export interface ContentSafetySettings {
  endpoint: string;
  apiKey: string | undefined;
}

export interface ModelSettings {
  /** Undefined where nothing is set: the embedded platform then sets its stand-in. */
  connection:
    | { kind: "azure"; endpoint: string; apiKey: string | undefined }
    | { kind: "openai"; baseUrl: string | undefined; apiKey: string | undefined }
    | undefined;
  /** Names the service behind the connection, so that what one model answered is never taken for another's. */
  service: string;
  chat: string;
  judge: string;
  embedding: string;
  /** Calls under way at once, per process and deployment. */
  concurrency: number;
}

const text = z.string().trim().min(1).optional().catch(undefined);
const otlpEndpoint = text.refine((value) => value === undefined || /^https?:\/\/[^/]/i.test(value), {
  message: "is no address; an example: http://127.0.0.1:4318",
});
const connectionsSchema = z.record(
  z.string(),
  z.strictObject({
    kind: z.literal("azure-ai-search"),
    endpoint: z.url({ protocol: /^https?$/ }),
    apiKey: z.string().min(1).optional(),
  }),
);
const pricesSchema = z.record(
  z.string(),
  z.strictObject({ input: z.number().min(0), output: z.number().min(0) }),
);
const PRICES_EXAMPLE = '{"llama3.2": {"input": 0, "output": 0}} (US dollars per million tokens)';
const CONNECTIONS_EXAMPLE =
  '{"my-search": {"kind": "azure-ai-search", "endpoint": "https://my-search.search.windows.net"}}';
const keysSchema = z.record(
  z.string().min(1).max(100),
  z.strictObject({
    role: z.enum(ROLES),
    sha256: z.string().regex(/^[0-9a-f]{64}$/i, "is no SHA-256 in hexadecimal digits"),
  }),
);
const KEYS_EXAMPLE =
  '{"ci": {"role": "operator", "sha256": "..."}} (`flowgate key ci --role operator` makes one)';
const CHAT_PER_MINUTE = 600;
const flag = z.enum(["true", "false", "1", "0"]).default("false");
const environmentSchema = z.object({
  FLOWGATE_PORT: z.coerce.number().int().min(0).max(65535).default(7071),
  FLOWGATE_URL: z.url().optional(),
  FLOWGATE_KEY: text,
  FLOWGATE_AUTH: z.enum(["open", "required"]).optional(),
  FLOWGATE_KEYS: text,
  FLOWGATE_ENTRA_TENANT: z.uuid("is not the id of a tenant").optional(),
  FLOWGATE_ENTRA_AUDIENCE: text,
  FLOWGATE_ENTRA_AUTHORITY: z.url({ protocol: /^https?$/ }).default("https://login.microsoftonline.com"),
  FLOWGATE_CHAT_PER_MINUTE: z.coerce.number().min(1).optional(),
  FLOWGATE_DATA: z.string().default(".flowgate"),
  FLOWGATE_SETTLE_MS: z.coerce.number().int().min(0).max(600_000).default(2000),
  FLOWGATE_CAPTURE_CONTENT: flag,
  FLOWGATE_SERVES: z.enum(["all", "chat", "pipeline"]).default("all"),
  FLOWGATE_MODEL: text,
  FLOWGATE_JUDGE_MODEL: text,
  FLOWGATE_EMBEDDING_MODEL: text,
  FLOWGATE_MODEL_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(32),
  AzureWebJobsStorage: text,
  AzureWebJobsStorage__accountName: text,
  AZURE_TENANT_ID: text,
  AZURE_CLIENT_ID: text,
  ACTIONS_ID_TOKEN_REQUEST_URL: text,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: text,
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.github.com"),
  GITHUB_SERVER_URL: z.url({ protocol: /^https?$/ }).default("https://github.com"),
  GITHUB_REPOSITORY: text,
  GITHUB_TOKEN: text,
  GITHUB_EVENT_NAME: text,
  GITHUB_EVENT_PATH: text,
  GITHUB_SHA: text,
  GITHUB_RUN_ID: text,
  GITHUB_STEP_SUMMARY: text,
  AZURE_OPENAI_ENDPOINT: z.url().optional(),
  AZURE_OPENAI_API_KEY: text,
  AZURE_CONTENT_SAFETY_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  AZURE_CONTENT_SAFETY_KEY: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: z.url().optional(),
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(/(^|;)\s*InstrumentationKey=/i, "is no connection string: it has no InstrumentationKey=")
    .optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text,
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpEndpoint,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: otlpEndpoint,
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: otlpEndpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: text,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: text,
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: text,
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: text,
  EVENT_GRID_TOPIC_ENDPOINT: z.url().optional(),
  EVENT_GRID_TOPIC_KEY: text,
  AZURE_SUBSCRIPTION_ID: text,
  AZURE_RESOURCE_GROUP: text,
  FLOWGATE_CONNECTIONS: text,
  FLOWGATE_PRICES: text,
  FLOWGATE_DAILY_TOKENS: budgetSchema.shape.tokens,
  FLOWGATE_DAILY_COST: budgetSchema.shape.cost,
  FLOWGATE_CHAT_DAILY_TOKENS: budgetSchema.shape.tokens,
  FLOWGATE_CHAT_DAILY_COST: budgetSchema.shape.cost,
});

/** Where a command was typed: `npm run flowgate` runs it in the repository's root, and paths are meant from there. */
export function folderOfCaller(): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return script === "flowgate" && typedIn ? typedIn : process.cwd();
}

/** Reads and checks the settings. Throws `SettingsError` naming every variable that does not fit. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${schemaWords(issue).replace(/\.$/, "")}`,
    );
    throw new SettingsError(`Settings do not fit: ${problems.join("; ")}. See docs/settings.md.`);
  }
  const env = parsed.data;
  return {
    port: env.FLOWGATE_PORT,
    remote: { url: env.FLOWGATE_URL, key: env.FLOWGATE_KEY },
    dataFolder: env.FLOWGATE_DATA,
    storage: storageOf(env),
    workflowIdentity: workflowIdentityOf(env),
    github: gitHubOf(env),
    model: {
      connection: modelConnectionOf(env),
      service: modelServiceOf(env),
      chat: env.FLOWGATE_MODEL ?? "gpt-4o-mini",
      judge: env.FLOWGATE_JUDGE_MODEL ?? env.FLOWGATE_MODEL ?? "gpt-4o-mini",
      embedding: env.FLOWGATE_EMBEDDING_MODEL ?? "text-embedding-3-small",
      concurrency: env.FLOWGATE_MODEL_CONCURRENCY,
    },
    telemetry: env.APPLICATIONINSIGHTS_CONNECTION_STRING
      ? {
          connectionString: env.APPLICATIONINSIGHTS_CONNECTION_STRING,
          byIdentity: /Authorization=AAD/i.test(env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? ""),
        }
      : undefined,
    otlp: otlpSettingsOf(env),
    eventGrid: env.EVENT_GRID_TOPIC_ENDPOINT
      ? { endpoint: env.EVENT_GRID_TOPIC_ENDPOINT, key: env.EVENT_GRID_TOPIC_KEY }
      : undefined,
    azure:
      env.AZURE_SUBSCRIPTION_ID && env.AZURE_RESOURCE_GROUP
        ? { subscription: env.AZURE_SUBSCRIPTION_ID, resourceGroup: env.AZURE_RESOURCE_GROUP }
        : undefined,
    contentSafety: env.AZURE_CONTENT_SAFETY_ENDPOINT
      ? { endpoint: env.AZURE_CONTENT_SAFETY_ENDPOINT, apiKey: env.AZURE_CONTENT_SAFETY_KEY }
      : undefined,
    connections: connectionsOf(env.FLOWGATE_CONNECTIONS),
    prices: jsonSetting("FLOWGATE_PRICES", env.FLOWGATE_PRICES, pricesSchema, PRICES_EXAMPLE),
    access: accessOf(env),
    chatPerMinute: chatPerMinuteOf(env),
    dailyBudget: parseBudget({ tokens: env.FLOWGATE_DAILY_TOKENS, cost: env.FLOWGATE_DAILY_COST }),
    chatBudget: parseBudget({
      tokens: env.FLOWGATE_CHAT_DAILY_TOKENS,
      cost: env.FLOWGATE_CHAT_DAILY_COST,
    }),
    captureContent: env.FLOWGATE_CAPTURE_CONTENT === "true" || env.FLOWGATE_CAPTURE_CONTENT === "1",
    settleMs: env.FLOWGATE_SETTLE_MS,
  };
}

/**
 * Whether this app registers the functions of a part: those that answer clients, or those that evaluate, release and
 * manage. Of an unknown word everything is registered, and `readSettings` then says what is wrong.
 */
export function servesPart(part: "chat" | "pipeline", environment: NodeJS.ProcessEnv = process.env): boolean {
  const serves = environment["FLOWGATE_SERVES"];
  return part === "chat" ? serves !== "pipeline" : serves !== "chat";
}

/** The environment as it is: what `${env:...}` in a file that is rendered here refers to. */
export function environmentVariables(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}

/** The environment for a child process: this one's, with `overrides` on top. */
export function childEnvironment(overrides: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}

/** A setting written as JSON. What is wrong is named by its place, and never shown: it may hold keys. */
function jsonSetting<T extends object>(
  name: string,
  written: string | undefined,
  schema: z.ZodType<T>,
  example: string,
): T {
  const fail = (problem: string): never => {
    throw new SettingsError(`${name} ${problem}. Write it as ${example}.`);
  };
  let value: unknown = {};
  try {
    value = written === undefined ? {} : JSON.parse(written);
  } catch {
    fail("is not JSON");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const words = issue ? schemaWords(issue).replace(/\.$/, "") : "";
  return fail(`does not fit at ${issue?.path.join(".") || "its top"}: ${words}`);
}

function connectionsOf(written: string | undefined): Record<string, SearchConnection> {
  const parsed = jsonSetting("FLOWGATE_CONNECTIONS", written, connectionsSchema, CONNECTIONS_EXAMPLE);
  return Object.fromEntries(
    Object.entries(parsed).map(([name, { apiKey, ...connection }]) => [name, { ...connection, apiKey }]),
  );
}

type Environment = z.infer<typeof environmentSchema>;

/** Who is on this machine alone needs no bound. */
function chatPerMinuteOf(env: Environment): number | undefined {
  return env.FLOWGATE_CHAT_PER_MINUTE ?? (env.FLOWGATE_AUTH === "open" ? undefined : CHAT_PER_MINUTE);
}

function accessOf(env: Environment): AccessSettings {
  const { FLOWGATE_ENTRA_TENANT: tenant, FLOWGATE_ENTRA_AUDIENCE: audience } = env;
  if ((tenant === undefined) !== (audience === undefined)) {
    throw new SettingsError("Set FLOWGATE_ENTRA_TENANT and FLOWGATE_ENTRA_AUDIENCE both, or neither.");
  }
  const authority = env.FLOWGATE_ENTRA_AUTHORITY.replace(/\/+$/, "");
  return {
    open: env.FLOWGATE_AUTH && env.FLOWGATE_AUTH === "open",
    keys: jsonSetting("FLOWGATE_KEYS", env.FLOWGATE_KEYS, keysSchema, KEYS_EXAMPLE),
    entra: tenant && audience ? { authority, tenant, audience } : undefined,
  };
}

function storageOf(env: Environment): StorageSettings | undefined {
  if (env.AzureWebJobsStorage) return { connectionString: env.AzureWebJobsStorage };
  if (env.AzureWebJobsStorage__accountName) {
    return { accountName: env.AzureWebJobsStorage__accountName, identity: workflowIdentityOf(env) };
  }
  return undefined;
}

function workflowIdentityOf(env: Environment): WorkflowIdentity | undefined {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client } = env;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokenKey } = env;
  return tenant && client && tokenUrl && tokenKey ? { tenant, client, tokenUrl, tokenKey } : undefined;
}

function gitHubOf(env: Environment): GitHubSettings | undefined {
  const { GITHUB_REPOSITORY: repository, GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: eventFile } = env;
  if (!repository || !event || !eventFile || !env.GITHUB_SHA) return undefined;
  return {
    apiUrl: env.GITHUB_API_URL.replace(/\/+$/, ""),
    serverUrl: env.GITHUB_SERVER_URL.replace(/\/+$/, ""),
    repository,
    token: env.GITHUB_TOKEN,
    event,
    eventFile,
    commit: env.GITHUB_SHA,
    runId: env.GITHUB_RUN_ID,
    summaryFile: env.GITHUB_STEP_SUMMARY,
  };
}

function modelConnectionOf(env: Environment): ModelSettings["connection"] {
  if (env.AZURE_OPENAI_ENDPOINT) {
    return { kind: "azure", endpoint: env.AZURE_OPENAI_ENDPOINT, apiKey: env.AZURE_OPENAI_API_KEY };
  }
  if (env.OPENAI_API_KEY || env.OPENAI_BASE_URL) {
    return { kind: "openai", baseUrl: env.OPENAI_BASE_URL, apiKey: env.OPENAI_API_KEY };
  }
  return undefined;
}

/** `azure:<host>`, `openai`, `openai:<host and path>`; the stand-in's port changes with every start, so not that. */
function modelServiceOf(env: Environment): string {
  if (env.FLOWGATE_MODEL === OFFLINE_STAND_IN) return OFFLINE_STAND_IN;
  if (env.AZURE_OPENAI_ENDPOINT) return `azure:${new URL(env.AZURE_OPENAI_ENDPOINT).host}`;
  if (!env.OPENAI_BASE_URL) return "openai";
  const { host, pathname } = new URL(env.OPENAI_BASE_URL);
  return `openai:${host}${pathname}`;
}
