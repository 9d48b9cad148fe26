import { expect, test } from "vitest";
import { createRouteTable } from "../../../local/host/route-table.ts";

function table(...templates: string[]) {
  const routes = createRouteTable(
    templates.map((template) => ({ template, methods: ["GET"], target: template })),
  );
  return (path: string) => routes.find("GET", path);
}

test("the more specific template wins, whatever the order they are given in", () => {
  const find = table("{*rest}", "flows/{flow}", "flows/{flow}.json", "flows/all", "{a}/{b}");
  expect(find("/flows/all")?.target).toBe("flows/all");
  expect(find("/flows/x")).toEqual({ target: "flows/{flow}", parameters: { flow: "x" } });
  expect(find("/flows/x.json")).toEqual({ target: "flows/{flow}.json", parameters: { flow: "x" } });
  expect(find("/other/x")).toEqual({ target: "{a}/{b}", parameters: { a: "other", b: "x" } });
  expect(find("/other/x/y")).toEqual({ target: "{*rest}", parameters: { rest: "other/x/y" } });
  expect(find("/")).toEqual({ target: "{*rest}", parameters: { rest: "" } });
});

test("an optional last segment may be missing, and constraints are read over", () => {
  const find = table("api/runs/{run?}", "api/shards/{number:int}");
  expect(find("/api/runs")).toEqual({ target: "api/runs/{run?}", parameters: {} });
  expect(find("/api/runs/7/")).toEqual({ target: "api/runs/{run?}", parameters: { run: "7" } });
  expect(find("/api/runs/7/8")).toBeUndefined();
  expect(find("/api/shards/3")?.parameters).toEqual({ number: "3" });
});

test("literals are literal, and their letter case does not matter", () => {
  const find = table("v1.0/a+b");
  expect(find("/V1.0/A+b")?.target).toBe("v1.0/a+b");
  expect(find("/v1x0/a+b")).toBeUndefined();
});

test("a template with a stray brace is refused", () => {
  expect(() => table("flows/{flow")).toThrow('Route "flows/{flow" has a malformed part');
});
