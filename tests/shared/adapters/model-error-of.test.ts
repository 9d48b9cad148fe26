import OpenAI from "openai";
import { expect, test } from "vitest";
import { modelErrorOf } from "../../../shared/adapters/azure/model-error-of.ts";

const broken = (code: string) => Object.assign(new Error("socket"), { code });

test.each([
  ["timeout", new OpenAI.APIConnectionTimeoutError()],
  ["timeout", broken("UND_ERR_BODY_TIMEOUT")],
  ["timeout", new OpenAI.APIConnectionError({ cause: broken("UND_ERR_HEADERS_TIMEOUT") })],
  ["unavailable", new OpenAI.APIConnectionError({ cause: broken("ECONNREFUSED") })],
  ["unavailable", broken("UND_ERR_SOCKET")],
  ["aborted", new OpenAI.APIUserAbortError()],
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
  const error = OpenAI.APIError.generate(401, { error: { code: "invalid_api_key" } }, "no", new Headers());
  expect(modelErrorOf(error, undefined)).toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(/key or the app's role/),
  });
});

test("says how long the service asks to be left alone", () => {
  const headers = new Headers({ "retry-after": "7" });
  const busy = new OpenAI.APIError(429, { message: "busy" }, "busy", headers);
  expect(modelErrorOf(busy, undefined)).toMatchObject({ kind: "throttled", retryAfterMs: 7_000 });
});
