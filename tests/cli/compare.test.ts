import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { beforeAll, afterAll, expect, onTestFinished, test } from "vitest";
import { type OfflineModel, startOfflineModel } from "../../local/model/start-offline-model.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import { flowgate, startFlowgate, temporaryFolder } from "./run-flowgate.ts";
import { folderWith, SHOP } from "./sample-flow.ts";

let model: OfflineModel;
beforeAll(async () => {
  model = await startOfflineModel();
});
afterAll(() => model.close());

const ROWS = [
  { question: "When does the shop open?", ground_truth: "The shop opens at nine." },
  { question: "Where is the shop?", ground_truth: "The shop is in Harbour Street." },
  { question: "What does a coffee cost?", ground_truth: "A coffee costs three dollars." },
];
const FACTS = ["The shop opens at nine.", "The shop is in Harbour Street.", "A coffee costs three dollars."];

/** Answers from its facts; the variant `empty` has none, so that it can only say that it does not know. */
const FLOW: Record<string, string> = {
  ...SHOP,
  "flow.yaml": `${SHOP["flow.yaml"] ?? ""}variants:
  prompt: { empty: prompts/empty.prompty, own: ./chat.prompty }
  temperature: { warm: 0.7 }
`
    .replace("[relevance]", "[relevance, f1_score]")
    .replace('mean: ">= 3" }', 'mean: ">= 1", noWorseThan: 4 }\n  f1_score: { passRate: ">= 0.6" }'),
  "chat.prompty": prompt(`# Documents\n${FACTS.join("\n")}`),
  "prompts/empty.prompty": prompt("# Documents\nThe shop is closed for good."),
  "data/questions.jsonl": ROWS.map((row) => `${JSON.stringify(row)}\n`).join(""),
};

function prompt(facts: string): string {
  return (SHOP["chat.prompty"] ?? "").replace(
    "You answer questions about a shop.",
    `Answer only from the documents.\n\n${facts}`,
  );
}

function environment(): Record<string, string> {
  return {
    OPENAI_BASE_URL: model.baseUrl,
    FLOWGATE_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_EMBEDDING_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_MODEL_CONCURRENCY: "4",
  };
}

interface Printed {
  passes: boolean;
  compared: number;
  made: number;
  saved: number;
  rows: number;
  same: { name: string; as: string }[];
  notices: string[];
  combinations: {
    name: string;
    rank: number;
    outcome: string;
    version: string;
    metrics: { metric: string; statistic: string; value: number; interval?: { low: number; high: number } }[];
    requirements: { kind: string; outcome: string }[];
  }[];
}

test("the combinations are answered, scored and ranked; the second time nothing is paid for", async () => {
  const folder = await folderWith(FLOW);
  const project = await temporaryFolder();
  const compare = async (...words: string[]): Promise<Printed> => {
    const { code, stdout, stderr } = await flowgate(["compare", folder, "--json", ...words], {
      environment: environment(),
      folder: project,
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining("Comparing shop: ")]);
    return JSON.parse(stdout) as Printed;
  };
  const first = await compare("--variants", "prompt");
  expect(first).toMatchObject({ passes: true, compared: 2, rows: 3, saved: 0 });
  // An answer and a judgement a row, for two combinations; f1_score asks nobody.
  expect(first.made).toBe(12);
  expect(first.same).toEqual([{ name: "prompt=own", as: "base" }]);
  expect(first.combinations.map(({ name, rank, outcome }) => [name, rank, outcome])).toEqual([
    ["base", 1, "pass"],
    ["prompt=empty", 2, "fail"],
  ]);
  const [base, empty] = first.combinations;
  expect(base?.metrics.map(({ metric, statistic }) => `${metric} ${statistic}`)).toEqual([
    "relevance mean",
    "f1_score passRate",
    "cost mean",
    "latency mean",
  ]);
  const passRate = base?.metrics[1];
  expect(passRate?.value).toBe(1);
  expect(passRate?.interval?.low).toBeCloseTo(0.4385, 4); // Wilson's for 3 of 3.
  expect(empty?.requirements.some(({ kind }) => kind === "relative")).toBe(true);
  expect(first.notices.join(" ")).toContain("offline stand-in");

  const again = await compare("--variants", "prompt");
  expect([again.made, again.saved]).toEqual([0, 12]);
  const more = await compare("--variants", "prompt=empty,temperature");
  expect(more.combinations.map(({ name }) => name).sort()).toEqual(["base", "prompt=empty temperature=warm"]);
  expect([more.made, more.saved]).toEqual([6, 6]);
});

test("the table is best first, says what differs and what the gate lacks", async () => {
  const folder = await folderWith(FLOW);
  const { code, stdout, stderr } = await flowgate(["compare", folder, "--rows", "2"], {
    environment: environment(),
    folder,
  });
  expect(code).toBe(0);
  expect(stderr).toContain("Comparing shop: 2 rows x 3 combinations: up to 12 model calls\n");
  expect(stdout).toContain("shop: 3 combinations on a sample of 2 of the 3 rows, best first");
  const order = ["1 ", "2 ", "3 "].map((start) => stdout.indexOf(`\n${start}`));
  expect(order.every((at, index) => at > (order[index - 1] ?? 0))).toBe(true);
  expect(stdout).toMatch(/\n1 base +✓ 3 of 3 /);
  expect(stdout).toMatch(/✗ prompt=empty temperature=warm: f1_score pass rate is 0 %, needs >= 60 %/);
  expect(stdout).toContain("not distinguishable in");
  expect(stdout).toContain("Best: base. It passes the gate.");
  expect(stdout).toContain("prompt=own temperature=warm");
});

test("exit code 1 where no combination passes the gate", async () => {
  const flow = {
    ...FLOW,
    "flow.yaml": (FLOW["flow.yaml"] ?? "").replace('">= 0.6"', '">= 0.6", max: "<= 0"'),
  };
  const { code, stdout } = await flowgate(["compare", await folderWith(flow), "--variants", "temperature"], {
    environment: environment(),
    folder: await temporaryFolder(),
  });
  expect(code).toBe(1);
  expect(stdout).toContain("None passes the gate. Closest: base.");
});

test.for([
  ["an axis the flow does not vary", ["--variants", "temprature"], "Did you mean temperature?"],
  ["no rows", ["--rows", "0"], "whole number from 1"],
  ["more calls than are allowed", ["--max-calls", "3"], "up to 18 model calls, and --max-calls is 3"],
] as const)("exit code 2 for %s", async ([, words, said]) => {
  const { code, stderr } = await flowgate(["compare", await folderWith(FLOW), ...words], {
    environment: environment(),
    folder: await temporaryFolder(),
  });
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});

test("exit code 2 for a flow without variants, one that is not valid, and where there is no model", async () => {
  const folder = await temporaryFolder();
  const compare = (flow: string) => flowgate(["compare", flow], { environment: environment(), folder });
  const none = await compare(await folderWith(SHOP));
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("shop has no variants. Add some")]);
  const broken = await compare(await folderWith({ ...FLOW, "prompts/empty.prompty": "user:\n{{ question" }));
  expect(broken.code).toBe(2);
  expect(broken.stderr).toMatch(/prompts\/empty\.prompty:2:\d+: error/);
  const alone = await flowgate(["compare", await folderWith(FLOW)], { folder });
  expect([alone.code, alone.stderr]).toEqual([
    2,
    expect.stringContaining("There is no model to answer. Set"),
  ]);
});

test("the prompts of steps are counted as calls, before and after", async () => {
  const asks =
    'steps:\n  search: { prompt: prompts/search.prompty, inputs: { question: "{{ question }}" } }\n';
  const folder = await folderWith({
    ...FLOW,
    "flow.yaml": `${(FLOW["flow.yaml"] ?? "").replace("{ empty: prompts/empty.prompty, own: ./chat.prompty }", "[prompts/empty.prompty]")}${asks}`,
    "prompts/search.prompty": SHOP["chat.prompty"] ?? "",
    "chat.prompty": (FLOW["chat.prompty"] ?? "").replace("{{ question }}", "{{ search }} {{ question }}"),
    "prompts/empty.prompty": (FLOW["prompts/empty.prompty"] ?? "").replace(
      "{{ question }}",
      "{{ search }} {{ question }}",
    ),
  });
  const words = ["compare", folder, "--variants", "prompt", "--rows", "1", "--json"];
  const { stdout, stderr } = await flowgate(words, { environment: environment(), folder });
  expect(stderr).toContain("1 rows x 2 combinations: up to 6 model calls");
  expect(JSON.parse(stdout)).toMatchObject({ made: 6 });
});

test("a service that refuses every call is an error, not a comparison", async () => {
  const server = createServer((_, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"error": {"message": "That key is wrong."}}');
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await flowgate(["compare", await folderWith(FLOW)], {
    environment: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
    folder: await temporaryFolder(),
  });
  expect(code).toBe(2);
  expect(stderr).toContain("No row got an answer");
  expect(stderr).toContain("That key is wrong.");
});

test("the stand-in of the embedded platform that runs here answers where no model is set", async () => {
  const folder = await folderWith({
    ...FLOW,
    ".flowgate/local.json": JSON.stringify({
      host: "http://127.0.0.1:9",
      storage: "x",
      model: model.baseUrl,
    }),
  });
  const { code, stdout } = await flowgate(
    ["compare", folder, "--variants", "prompt", "--rows", "1", "--json"],
    {
      folder,
    },
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ models: { chat: `${OFFLINE_STAND_IN}/${OFFLINE_STAND_IN}` } });
});

test("Ctrl-C ends with 130 and keeps what was answered", async () => {
  const slow = await startOfflineModel({ latencyMs: 400 });
  onTestFinished(() => slow.close());
  const folder = await folderWith({
    ...FLOW,
    "data/questions.jsonl": Array.from(
      { length: 40 },
      (_, index) =>
        `${JSON.stringify({ question: `When does shop ${index} open?`, ground_truth: "At nine." })}\n`,
    ).join(""),
  });
  const running = startFlowgate(["compare", folder, "--variants", "temperature"], {
    environment: { ...environment(), OPENAI_BASE_URL: slow.baseUrl },
    folder,
  });
  await running.said("10 %");
  running.interrupt();
  const { code, stderr } = await running.finished;
  expect(code).toBe(130);
  expect(stderr).toContain("stopped: what was answered so far is recorded");
  const again = startFlowgate(["compare", folder, "--variants", "temperature", "--max-calls", "1"], {
    environment: environment(),
    folder,
  });
  expect((await again.finished).stderr).toMatch(/up to \d+ model calls \([1-9]\d* of 160 are recorded\)/);
});

test("the guide's example is compared as the guide says", async () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const guide = await readFile(path.join(root, "docs/variants.md"), "utf8");
  const [variants = ""] = guide.match(/^variants:\n(?: .*\n)+/m) ?? [];
  const commands = [...guide.matchAll(/^npm run flowgate -- (compare .*)$/gm)].map(
    ([, words]) => words ?? "",
  );
  expect(variants).toContain("prompts/brief.prompty");
  expect(commands.length).toBeGreaterThan(1);

  const sample = path.join(root, "flows/contoso-chat");
  const names = ["chat.prompty", "flow.yaml", "data/questions.jsonl"].concat(
    ["customers", "policies", "products"].map((name) => `knowledge/${name}.jsonl`),
  );
  const texts = await Promise.all(
    names.map(
      async (name) =>
        [`flows/contoso-chat/${name}`, await readFile(path.join(sample, name), "utf8")] as const,
    ),
  );
  const files = Object.fromEntries(texts);
  const own = files["flows/contoso-chat/chat.prompty"] ?? "";
  const brief = own.replace("at most four sentences", "at most one sentence");
  expect(brief).not.toBe(own);
  const project = await folderWith({ ...files, "flows/contoso-chat/prompts/brief.prompty": brief });
  await writeFile(
    path.join(project, "flows/contoso-chat/flow.yaml"),
    `${files["flows/contoso-chat/flow.yaml"] ?? ""}\n${variants}`,
  );
  for (const command of commands) {
    const words = [...command.split(" "), ...(command.includes("--rows") ? [] : ["--rows", "6"])];
    const { code, stdout, stderr } = await flowgate(words, { environment: environment(), folder: project });
    expect([code, stderr]).toEqual([
      expect.toBeOneOf([0, 1]),
      expect.stringContaining("Comparing contoso-chat: "),
    ]);
    expect(stdout).toContain("prompt=brief");
  }
}, 180_000);
