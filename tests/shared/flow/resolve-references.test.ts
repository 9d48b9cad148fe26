import { expect, test } from "vitest";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";
import { resolveReferences } from "../../../shared/flow/resolve-references.ts";

const environment = { HOST: "example.com", PORT: "80", EMPTY: "" };
const files = new Map([
  ["p/tone.txt", "kind"],
  ["p/options.json", '{"host": "${env:HOST}"}'],
]);

function resolve(value: unknown): { value: unknown; problems: string[] } {
  const { value: resolved, problems } = resolveReferences(value, {
    environment,
    folder: "p",
    readFile: (path) => files.get(path),
  });
  return { value: resolved, problems: problems.map(({ message }) => message) };
}

test.each<[text: string, value: unknown]>([
  ["${env:HOST}", "example.com"],
  ["${ENV:HOST}", "example.com"],
  ["  ${Env:HOST}\n", "example.com"],
  ["${env:NONE:}", ""],
  ["${env:EMPTY}", ""],
  ["${env:EMPTY:other}", ""],
  ["${env:NONE:http://x:1}", "http://x:1"],
  ["${env:HOST:http://x:1}", "example.com"],
  ['${env:NONE:{"a": {"b": 1}}}', '{"a": {"b": 1}}'],
  ["${env:NONE:a}b}", "a}b"],
  ["${env:NONE: spaced }", " spaced "],
  ["https://${env:HOST}:${env:PORT}/v1", "https://example.com:80/v1"],
  ["${env:HOST}${env:NONE:}${ENV:NONE:!}", "example.com!"],
  ["${env:NONE:${env:HOST}}", "example.com"],
  ["${env:NONE:http://${env:HOST}:${env:PORT}}", "http://example.com:80"],
  ["Be ${file:tone.txt}.", "Be kind."],
  ["${file:options.json}", { host: "example.com" }],
  ["${env:NONE:${file:options.json}}", { host: "example.com" }],
  [
    "${other:HOST} ${HOST} $HOST {env:HOST} ${env HOST}",
    "${other:HOST} ${HOST} $HOST {env:HOST} ${env HOST}",
  ],
  ["an open ${env:HOST", "an open ${env:HOST"],
])("%j becomes %j", (text, value) => {
  expect(resolve({ deep: [text] })).toEqual({ value: { deep: [value] }, problems: [] });
});

test.each<[text: string, problems: RegExp[]]>([
  ["${env:NONE}", [/^Environment variable 'NONE' not set; give a default with \$\{env:NONE:default\}\.$/]],
  ["${env:NONE}/${env:HOST}/${ENV:NEITHER}", [/'NONE' not set/, /'NEITHER' not set/]],
  ["${env:NONE:${env:NEITHER}}", [/'NEITHER' not set/]],
  ["${env:host}", [/'host' not set/]],
  ["${env:constructor}", [/'constructor' not set/]],
  ["see ${file:options.json}", [/options\.json holds fields, which cannot stand within a text/]],
  ["a ${file:../secret.txt} b", [/outside allowed roots/]],
  ["${env:NONE:${file:/etc/passwd}}", [/outside allowed roots/]],
])("%j is refused", (text, problems) => {
  const resolved = resolve(text);
  expect(resolved.value).toBeUndefined();
  expect(resolved.problems).toEqual(problems.map((problem) => expect.stringMatching(problem)));
});

test("a variable that is not set is an error where the file refers to it", () => {
  const text =
    "---\nmodel:\n  id: gpt-4o\ndescription: >-\n  of ${env:NONE}\nmetadata: { a: [x, 'y ${env:TOO}'] }\n---\nuser:\nHi";
  expect(parsePrompty("p/a.prompty", text, new Map()).diagnostics).toMatchObject([
    {
      severity: "error",
      file: "p/a.prompty",
      line: 4,
      column: 14,
      message: expect.stringContaining("'NONE'"),
    },
    {
      severity: "error",
      file: "p/a.prompty",
      line: 6,
      column: 20,
      message: expect.stringContaining("'TOO'"),
    },
  ]);
});

test.each([
  ["references without end", "${env:".repeat(30_000)],
  ["references in references", "${env:A:".repeat(20_000) + "}".repeat(20_000)],
  ["braces that close nothing", `\${env:A:${"}".repeat(150_000)} \${env:B`],
  ["many references", "${env:HOST}".repeat(15_000)],
  ["space around one", `${" ".repeat(90_000)}\${env:HOST}x${" ".repeat(90_000)}x`],
])("%s are read at once", (_what, text) => {
  expect(resolve([text]).value).toHaveLength(1);
});

test("what stands for a value is decided by variable and fields, also in files, and never by a default", () => {
  const seen: unknown[] = [];
  const { value } = resolveReferences(
    {
      inputs: [{ name: "apiKey", default: "${env:HOST}" }],
      more: "${file:options.json}",
      url: "${env:NONE:x}/${env:PORT}",
    },
    {
      environment,
      folder: "p",
      readFile: (path) => files.get(path),
      show: ({ name, value: hidden, fields, path }) => {
        seen.push([name, hidden, fields.join("."), path.join(".")]);
        return "***";
      },
    },
  );
  expect(value).toEqual({
    inputs: [{ name: "apiKey", default: "***" }],
    more: { host: "***" },
    url: "x/***",
  });
  expect(seen).toEqual([
    ["HOST", "example.com", "inputs.apiKey.default", "inputs.0.default"],
    ["HOST", "example.com", "more.host", "more"],
    ["PORT", "80", "url", "url"],
  ]);
});
