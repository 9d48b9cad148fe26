import { expect, it } from "vitest";
import { newestCopies } from "../../scripts/one-copy.ts";

const TOP = "node_modules/@opentelemetry/core";
const INNER = "node_modules/@azure/monitor-opentelemetry/node_modules/@opentelemetry/core";
const OTHER = "node_modules/@opentelemetry/sdk-node/node_modules/@opentelemetry/core";

function chosen(versions: Record<string, string>): Record<string, string> {
  const packages = Object.fromEntries(Object.entries(versions).map(([at, version]) => [at, { version }]));
  return Object.fromEntries(newestCopies({ packages }));
}

it("takes the newest copy of a package for all that its major version promises to be compatible with", () => {
  expect(chosen({ [TOP]: "2.9.0", [INNER]: "2.12.1", [OTHER]: "2.10.0" })).toEqual({
    [TOP]: INNER,
    [INNER]: INNER,
    [OTHER]: INNER,
  });
});

it("keeps a copy of another major version, and before 1.0 of another minor one", () => {
  expect(chosen({ [TOP]: "1.30.0", [INNER]: "2.0.0" })).toEqual({ [TOP]: TOP, [INNER]: INNER });
  expect(chosen({ [TOP]: "0.220.0", [INNER]: "0.221.0", [OTHER]: "0.221.4" })).toEqual({
    [TOP]: TOP,
    [INNER]: OTHER,
    [OTHER]: OTHER,
  });
});

it("leaves packages of others where they are", () => {
  expect(chosen({ "node_modules/undici": "7.0.0", "node_modules/a/node_modules/undici": "7.1.0" })).toEqual(
    {},
  );
});
