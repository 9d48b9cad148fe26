import { expect, test } from "vitest";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { findSecrets } from "../../../shared/flow/find-secrets.ts";

function found(text: string, file = "notes/a.md"): string[] {
  const findings = createFindings();
  findSecrets(new Map([[file, new TextEncoder().encode(text)]]), findings);
  return findings.list.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const HEX = "0123456789abcdef0123456789abcdef";
/** Put together here, so that nothing in the repository looks like one. */
const MIXED = ["aB3dE5gH7jK9mN1pQ3sT5", "vW7yZ9bC1dE3fG5hJ7kL9n"].join("");

test.each([
  [`AZURE_OPENAI_API_KEY=${HEX}`, "1:18 This looks like a key."],
  [`a\n  "api_key": "${HEX}"`, "2:8 This looks like a key."],
  [`subscriptionKey: '${HEX.toUpperCase()}'`, "1:13 This looks like a key."],
  [`client_secret = ${MIXED}`, "1:8 This looks like a key."],
  [`token=${MIXED}==`, "1:1 This looks like a key."],
  [["AI", "za", "x".repeat(35)].join(""), "1:1 This looks like a key of Google."],
  [["xo", "xb-", "1234567890-abcdefghij"].join(""), "1:1 This looks like a token of Slack."],
  [["h", "f_", "a".repeat(34)].join(""), "1:1 This looks like a token of Hugging Face."],
  [["gl", "pat-", "a".repeat(20)].join(""), "1:1 This looks like an access token of GitLab."],
])("%s is found, by what it is called or marked with, and not repeated", (text, finding) => {
  expect(found(text)).toEqual([finding]);
});

test.each([
  `The checksum is ${HEX}.`,
  `etag: "${HEX}"`,
  "api_key: ${env:AZURE_OPENAI_API_KEY}",
  "key: this-is-the-name-of-a-column-in-the-knowledge-base-2024",
  "max_tokens: 4096",
  "password: correct horse battery staple",
  "token: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  '{"question": "What is a key?", "ground_truth": "A key opens a lock."}',
])("%s is none", (text) => {
  expect(found(text)).toEqual([]);
});

test.each([
  ["names of keys without end", `key=${"a".repeat(50)}`.repeat(300_000)],
  ["one long value", `key=${"aA".repeat(8_000_000)}`],
  ["spaces after names", `key ${" ".repeat(30)}`.repeat(400_000)],
])("%s are searched at once", (_what, text) => {
  expect(found(text)).toEqual([]);
});
