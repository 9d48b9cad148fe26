import { expect, test } from "vitest";
import { isSecret } from "../../../shared/flow/is-secret.ts";

test.each([
  [["OPENAI_API_KEY"], "short"],
  [["X", "inputs", "apiKey"], "short"],
  [["GITHUB_TOKEN"], "short"],
  [["X", "model", "connection", "endpoint"], "https://example.com"],
  [["DB_PASSWORD"], "x"],
  [["X", "clientSecrets"], "x"],
  [["X"], `sk-proj-${"a1".repeat(20)}`],
  [["X"], "AccountName=a;AccountKey=abcdefghijklmnopqrstuvwxyz=="],
  [["X"], "postgres://me:hunter2@example.com/db"],
  [["X"], "0123456789abcdef0123456789abcdef"],
  [["X"], "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
  [["X"], "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"],
])("%j with %j is a secret", (names, value) => {
  expect(isSecret(names, value)).toBe(true);
});

test.each([
  [["PLACE", "inputs", "place", "default"], "home"],
  [["MODEL", "model", "id"], "gpt-4o-mini-2024-07-18-for-the-support-team"],
  [["MAX_TOKENS", "model", "options", "maxOutputTokens"], "200"],
  [["KEYWORDS"], "tents, stoves"],
  [["AUTHORS"], "Amara"],
  [["URL"], "https://example.com:8080/a/b@c?d=e"],
  [["API_KEY"], ""],
])("%j with %j is none", (names, value) => {
  expect(isSecret(names, value)).toBe(false);
});
