import { app } from "@azure/functions";
import type { HttpMethod, HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { ChatError } from "../pipelines/chat/chat-error.ts";
import {
  ConflictError,
  ForbiddenError,
  messageOf,
  NotFoundError,
  PermanentError,
  RetryLaterError,
  UnauthenticatedError,
} from "../shared/errors.ts";
import type { Caller, Role } from "../shared/model/access.ts";
import type { ErrorBody } from "../shared/model/status.ts";
import { servesPart } from "../shared/settings.ts";
import { authorise } from "./authorise.ts";
import { type PipelineServices, pipelineServices } from "./pipeline-services.ts";

/**
 * Registers a route of the management API: what `handle` returns is the JSON answer, what it throws the refusal. Who
 * only looks (GET) needs the role of a reader, who acts that of an operator, where `role` does not say otherwise.
 */
export function managementFunction(
  name: string,
  method: HttpMethod,
  route: string,
  handle: (
    request: HttpRequest,
    services: PipelineServices,
    caller: Caller,
    context: InvocationContext,
  ) => Promise<object>,
  role: Role = method === "GET" ? "reader" : "operator",
): void {
  if (!servesPart("pipeline")) return;
  app.http(name, {
    methods: [method],
    // Flowgate knows its callers itself: the host's keys would stand in the way of tokens.
    authLevel: "anonymous",
    route,
    handler: async (request, context): Promise<HttpResponseInit> => {
      try {
        const caller = await authorise(request, role);
        const result = await handle(request, pipelineServices(), caller, context);
        return "body" in result ? (result as HttpResponseInit) : { jsonBody: result };
      } catch (error) {
        const [status, code] = statusOf(error);
        if (status === 500) context.error(`${name}: ${messageOf(error)}`);
        // What went wrong inside is for the log; its text may hold names of the storage account.
        const message = status === 500 ? "Flowgate could not answer; its log says why." : messageOf(error);
        const current = error instanceof ConflictError ? error.current : undefined;
        const release = current as ErrorBody["release"];
        return { status, jsonBody: { error: { code, message }, release } satisfies ErrorBody };
      }
    },
  });
}

function statusOf(error: unknown): [status: number, code: string] {
  if (error instanceof UnauthenticatedError) return [401, "unauthenticated"];
  if (error instanceof ForbiddenError) return [403, "forbidden"];
  if (error instanceof ChatError) return [error.status, error.code];
  if (error instanceof RetryLaterError) return [503, "unavailable"];
  if (error instanceof NotFoundError) return [404, "not_found"];
  if (error instanceof ConflictError) return [409, "conflict"];
  if (error instanceof PermanentError) return [400, "bad_request"];
  return [500, "internal_error"];
}
