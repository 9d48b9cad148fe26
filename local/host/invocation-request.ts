import { randomBytes, randomUUID } from "node:crypto";
import type { FunctionMetadata, InvocationRequest, RpcTypedData } from "../app/protocol.ts";

/**
 * An invocation as the host asks the app for it. `parentTrace` is a W3C `traceparent` that the trigger arrived with:
 * the invocation then belongs to that trace.
 */
export function createInvocationRequest(
  metadata: FunctionMetadata,
  input: RpcTypedData,
  triggerMetadata: Record<string, RpcTypedData>,
  parentTrace: { traceParent?: string | undefined; traceState?: string | undefined } = {},
): InvocationRequest {
  const traceId = /^00-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(parentTrace.traceParent ?? "")?.[1];
  const sys = { MethodName: metadata.name, UtcNow: new Date().toISOString(), RandGuid: randomUUID() };
  return {
    invocationId: randomUUID(),
    functionId: metadata.functionId,
    inputData: [{ name: triggerOf(metadata).name, data: input }],
    triggerMetadata: { ...triggerMetadata, sys: { json: JSON.stringify(sys) } },
    traceContext: {
      traceParent: `00-${traceId ?? randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
      traceState: traceId ? (parentTrace.traceState ?? "") : "",
      attributes: {},
    },
  };
}

export interface Trigger {
  /** The binding's name. */
  name: string;
  /** `httpTrigger`, `queueTrigger`, ... */
  type: string;
  options: Record<string, unknown>;
}

export function triggerOf(metadata: FunctionMetadata): Trigger {
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    if (binding.type.endsWith("Trigger")) return { name, type: binding.type, options: binding };
  }
  throw new Error(`Function "${metadata.name}" has no trigger.`);
}
