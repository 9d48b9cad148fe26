import { expect, test } from "vitest";
import { findPage } from "../../studio/data/find-page.ts";

const pages = ["/", "/flows/{flow}", "/flows/{flow}/runs/{run}", "/flows/{flow}/release"].map((path) => ({
  path,
}));

test.each<[path: string, page: string | undefined, parameters: Record<string, string>]>([
  ["/", "/", {}],
  ["/flows/shop", "/flows/{flow}", { flow: "shop" }],
  ["/flows/shop/runs/1f", "/flows/{flow}/runs/{run}", { flow: "shop", run: "1f" }],
  ["/flows/a%2Fb", "/flows/{flow}", { flow: "a/b" }],
  ["/flows/shop/else", undefined, {}],
  ["/flows/%E0%A4%A", undefined, {}],
])("%s leads to %s", (path, page, parameters) => {
  const found = findPage(pages, path);
  expect(found?.page.path).toBe(page);
  expect(found?.parameters ?? {}).toEqual(parameters);
});
