import { expect, test } from "vitest";
import { modelErrorOf } from "../../../shared/adapters/azure/model-error-of.ts";
import {
  ModelConnectionError,
  ModelServiceError,
} from "../../../shared/adapters/azure/model-service-error.ts";

const broken = (code: string) => Object.assign(new Error("socket"), { code });

test.each([
  ["timeout", broken("UND_ERR_BODY_TIMEOUT")],
  ["timeout", new ModelConnectionError(broken("UND_ERR_HEADERS_TIMEOUT"))],
  ["unavailable", new ModelConnectionError(broken("ECONNREFUSED"))],
  ["unavailable", broken("UND_ERR_SOCKET")],
] as const)("without a reply it is %s: %s", (kind, error) => {
  expect(modelErrorOf(error, undefined)).toMatchObject({ kind, status: undefined, cause: error });
});

test("whatever was thrown after the caller left is the caller's leaving", () => {
  expect(modelErrorOf(broken("UND_ERR_SOCKET"), AbortSignal.abort()).kind).toBe("aborted");
});

test("a failure that is a ModelError already stays itself", () => {
  const first = modelErrorOf(broken("ECONNRESET"), undefined);
  expect(modelErrorOf(first, AbortSignal.abort())).toBe(first);
});

test("a refused key is answered with what to check", () => {
  const said = { code: "invalid_api_key", message: "Wrong key." };
  const error = new ModelServiceError({ status: 401, headers: new Headers(), error: said });
  expect(modelErrorOf(error, undefined)).toMatchObject({
    kind: "invalid",
    message: "401 Wrong key. Check the model's key or the app's role.",
  });
});

test("says how long the service asks to be left alone", () => {
  const headers = new Headers({ "retry-after": "7" });
  const busy = new ModelServiceError({ status: 429, headers, error: { message: "busy" } });
  expect(modelErrorOf(busy, undefined)).toMatchObject({ kind: "throttled", retryAfterMs: 7_000 });
});

test.each([
  ["429 Busy.", { message: "Busy." }, ""],
  ["429 Busy.", "Busy.", ""],
  ['429 {"reason":1}', { message: { reason: 1 } }, ""],
  ['429 {"reason":1}', { reason: 1 }, ""],
  ['429 {"detail":"Busy."}', undefined, '{"detail":"Busy."}'],
  ["429 no reason given", undefined, ""],
  ["429 no reason given", null, ""],
])("says %s where the service does, in its form or another", (message, error, text) => {
  expect(new ModelServiceError({ status: 429, headers: new Headers(), error, text }).message).toBe(message);
});
