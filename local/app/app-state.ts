import type {
  FunctionMetadata,
  InvocationRequest,
  InvocationResponse,
  LogLevel,
  RpcLog,
} from "./protocol.ts";

/** What a programming model (`@azure/functions`) gives the worker. */
export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<Omit<InvocationResponse, "result">>;
}

/** What the worker gives a programming model for one invocation. */
export interface CoreInvocationContext {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: LogLevel, category: RpcLog["logCategory"], message: string): void;
}

export type FunctionCallback = (...parameters: unknown[]) => unknown;
export type HookCallback = (context: object) => unknown;

export const HOOKS = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;
export type HookName = (typeof HOOKS)[number];

/** All that an app process knows: what the app registered, and whether it may still register. */
export interface AppState {
  functions: Map<string, { metadata: FunctionMetadata; callback: FunctionCallback }>;
  hooks: Record<HookName, HookCallback[]>;
  /** Shared between the hooks of the app's start and end, and with every invocation's. */
  appHookData: Record<string, unknown>;
  appOnlyHookData: Record<string, unknown>;
  programmingModel: ProgrammingModel | undefined;
  hostVersion: string;
  started: boolean;
}

export function createAppState(): AppState {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
    appOnlyHookData: {},
    programmingModel: undefined,
    hostVersion: "",
    started: false,
  };
}

/** Runs the hooks of one kind in the order they were registered; the first that throws ends it. */
export async function runHooks(app: AppState, name: Exclude<HookName, "log">, context: object) {
  for (const hook of app.hooks[name]) await hook(context);
}
