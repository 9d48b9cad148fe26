import type * as z from "zod";
import { furthestIssues } from "../../shared/flow/furthest-issues.ts";
import { ChatError } from "./chat-error.ts";

/** The refusal of a body that is not as its schema has it: which part of it comes first, and what was expected there. */
export function requestRefusal({ issues }: z.ZodError, body: unknown): ChatError {
  const [first] = issues.slice(0, 1).flatMap(furthestIssues);
  const { path = [], message = "is not a request." } = first ?? {};
  const param = path.map(String).join(".");
  const missing = param !== "" && valueAt(body, path) === undefined ? "missing. " : "";
  return new ChatError(
    400,
    "invalid_request_error",
    "invalid_request",
    `${param || "body"}: ${missing}${message}`,
    param || null,
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
