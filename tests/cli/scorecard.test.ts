import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { scorecard } from "../../shared/report/scorecard.ts";
import { scorecardSources } from "../pipelines/decide/scorecard-samples.ts";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate, temporaryFolder } from "./run-flowgate.ts";
import { status } from "./samples.ts";

const CARD = scorecard(scorecardSources());
const AT = "/api/flows/shop/versions/bbbbbbbbbbbb/scorecard";

test("scorecard is of the version in production, each part with its evidence", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows": () => ({ json: { flows: [status()] } }),
    "GET /api/flows/shop": () => ({ json: status() }),
    [`GET ${AT}`]: () => ({ json: CARD }),
  });
  const { code, stdout } = await flowgate(["scorecard"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("shop@bbbbbbbbbbbb serves production; failed: 1 of 2 requirements");
  expect(stdout).toContain(
    "Customers ask about tents.\nNot for: Advice on safety.\nLimit: It knows no orders.",
  );
  expect(stdout).toMatch(/✓ groundedness mean +4\.62 +4\.31 to 4\.93 +≥ 4/);
  expect(stdout).toMatch(/rejected by system: .*\s\(ledger\s+entry 2,\s+[0-9a-f]{12}\)/);
});

test("scorecard of a flow is that of what it serves, also among several", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows": () => ({ json: { flows: [status(), status({ flow: "cafe" })] } }),
    "GET /api/flows/shop": () => ({ json: status() }),
    [`GET ${AT}`]: () => ({ json: CARD }),
  });
  const { code, stdout } = await flowgate(["scorecard", "shop"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("shop@bbbbbbbbbbbb serves production");
});

test("scorecard --html --json writes the page and prints one JSON document", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    [`GET ${AT}`]: () => ({ json: CARD }),
    [`GET ${AT}.html`]: () => ({ text: "the page" }),
  });
  const folder = await temporaryFolder();
  const words = ["scorecard", "shop@bbbbbbbbbbbb", "--html", "cards/shop.html", "--json"];
  const { stdout } = await flowgate(words, { environment, folder });
  expect(JSON.parse(stdout)).toMatchObject({ version: "bbbbbbbbbbbb" });
  expect(await readFile(path.join(folder, "cards", "shop.html"), "utf8")).toBe("the page");
});

test("scorecard of a named version, as JSON and as a page", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    [`GET ${AT}`]: () => ({ json: CARD }),
    [`GET ${AT}.html`]: () => ({ text: "<!doctype html>the page" }),
  });
  const named = "shop@bbbbbbbbbbbb";
  const { stdout } = await flowgate(["scorecard", named, "--json"], { environment });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(CARD)));
  const folder = await temporaryFolder();
  const written = await flowgate(["scorecard", named, "--html"], { environment, folder });
  expect(written.code).toBe(0);
  const page = await readFile(path.join(folder, "shop-bbbbbbbbbbbb-scorecard.html"), "utf8");
  expect(page).toBe("<!doctype html>the page");
});
