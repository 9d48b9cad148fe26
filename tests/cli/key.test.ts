import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readSettings } from "../../shared/settings.ts";
import { flowgate } from "./run-flowgate.ts";

test("a key is new each time, and its setting is one that the app reads", async () => {
  const made = await Promise.all(
    ["a", "b"].map(() => flowgate(["key", "ci", "--role", "operator", "--json"])),
  );
  const [first, second] = made.map(({ stdout }) => JSON.parse(stdout) as { key: string; sha256: string });
  expect(first?.key).not.toBe(second?.key);
  expect(
    createHash("sha256")
      .update(first?.key ?? "")
      .digest("hex"),
  ).toBe(first?.sha256);
  const { stdout } = await flowgate(["key", "ci", "--role", "reader"]);
  const setting = /FLOWGATE_KEYS='(.+)'/.exec(stdout)?.[1];
  expect(readSettings({ FLOWGATE_KEYS: setting }).access.keys).toMatchObject({ ci: { role: "reader" } });
});

test("an unknown role is refused with the known ones", async () => {
  const { code, stderr } = await flowgate(["key", "ci", "--role", "admin"]);
  expect(code).toBe(2);
  expect(stderr).toContain("reader, operator, chat");
});
