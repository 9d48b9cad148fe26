/**
 * The messages between the host and an app process: the shapes of the Azure Functions worker protocol
 * (FunctionRpc.proto), carried over Node's IPC channel instead of gRPC. A message has a `requestId` and one of the
 * other fields.
 */

/** From the host to the app process. */
export interface HostMessage {
  requestId: string;
  workerInitRequest?: WorkerInitRequest;
  functionsMetadataRequest?: { functionAppDirectory: string };
  invocationRequest?: InvocationRequest;
  workerTerminate?: Record<string, never>;
}

/** From the app process to the host. */
export interface AppMessage {
  requestId: string;
  startStream?: { workerId: string };
  workerInitResponse?: { workerVersion: string; capabilities: Record<string, string>; result: StatusResult };
  functionMetadataResponse?: { functionMetadataResults: FunctionMetadata[]; result: StatusResult };
  invocationResponse?: InvocationResponse;
  rpcLog?: RpcLog;
}

export interface WorkerInitRequest {
  hostVersion: string;
  functionAppDirectory: string;
  /** Globs relative to the directory. Azure's worker reads them from `main` of the app's package.json. */
  entry: string[];
}

export interface StatusResult {
  status: "success" | "failure";
  exception?: RpcException;
}

export interface RpcException {
  message: string;
  stackTrace: string;
}

export interface FunctionMetadata {
  functionId: string;
  name: string;
  /** By binding name. */
  bindings: Record<string, Binding>;
}

/** A binding as `@azure/functions` registers it: the trigger's options are among its other fields. */
export interface Binding {
  type: string;
  direction: "in" | "out" | "inout";
  [option: string]: unknown;
}

/** A value with its kind: exactly one field is set. */
export interface RpcTypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  http?: { method: string; url: string };
}

export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: RpcTypedData }[];
  triggerMetadata: Record<string, RpcTypedData>;
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
}

export interface InvocationResponse {
  invocationId: string;
  outputData?: { name: string; data: RpcTypedData }[];
  returnValue?: RpcTypedData | null;
  result: StatusResult;
}

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";

export interface RpcLog {
  invocationId?: string;
  category: string;
  level: LogLevel;
  message: string;
  logCategory: "user" | "system" | "customMetric";
}
