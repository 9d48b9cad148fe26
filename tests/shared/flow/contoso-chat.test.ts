import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { expect, test } from "vitest";
import { rowsOf } from "../../../shared/flow/dataset-rows.ts";
import { hasErrors } from "../../../shared/flow/diagnostics.ts";
import { vectorSets, vectorTexts } from "../../../shared/flow/knowledge-text.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import { prepareTurn } from "../../../shared/flow/prepare-turn.ts";
import { splitFlow } from "../../../shared/flow/split-flow.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";
import { scriptedModels } from "./scripted-models.ts";

const known = {
  evaluators: ["groundedness", "relevance", "coherence", "fluency", "similarity", "f1_score", "exact_match"],
  metrics: ["latency", "input_tokens", "output_tokens", "cost", "errors"],
};

function filesIn(folder: string, under = ""): Map<string, Uint8Array> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => [under + name.replaceAll(path.sep, "/"), readFileSync(path.join(folder, name))]),
  );
}

/** Renders every row of a flow, with vectors that put the first records first. */
async function renderRows(files: Map<string, Uint8Array>): Promise<{ rows: number; prompts: string[] }> {
  const { definition, diagnostics } = validateFlow(files, known);
  if (definition === undefined || hasErrors(diagnostics))
    throw new Error(JSON.stringify(diagnostics, null, 2));
  const { version } = splitFlow(definition, files);
  const vectors = new Map<string, Float32Array[]>();
  for (const set of vectorSets(definition)) {
    vectors.set(
      set.key,
      vectorTexts(set, version.files).map((_text, index) =>
        Float32Array.from([Math.cos(index / 100), Math.sin(index / 100)]),
      ),
    );
  }
  const flow = loadFlow(version.definition, version.files, vectors);
  const rows = [...rowsOf(definition.evaluation, files)];
  const prompts: string[] = [];
  for (const { fields } of rows) {
    const call = { flow: definition.name, version: undefined, purpose: "answer" } as const;
    const { request } = await prepareTurn(flow, fields, scriptedModels({}), call);
    expect(request.messages.at(-1)).toEqual({ role: "user", content: fields.question });
    prompts.push(JSON.stringify(request.messages));
  }
  return { rows: rows.length, prompts };
}

test("the sample flow is valid, without a warning, and every row of it renders", async () => {
  const files = filesIn(fileURLToPath(new URL("../../../flows/contoso-chat", import.meta.url)));
  expect(validateFlow(files, known).diagnostics).toEqual([]);
  const { rows, prompts } = await renderRows(files);
  expect(rows).toBeGreaterThanOrEqual(60);
  expect(prompts.filter((prompt) => prompt.includes("None") || prompt.includes("undefined"))).toEqual([]);
});

const original = fileURLToPath(new URL("../../../../shared/data/contoso-chat", import.meta.url));
if (existsSync(original)) {
  test("a flow over the original's files, CSV and a folder of JSON as they are, renders every row", async () => {
    const files = filesIn(original, "data/");
    const texts = {
      "flow.yaml": `name: original
prompt: chat.prompty
steps:
  customer: { lookup: data/customer_info, by: id, equals: "{{ customerId }}" }
  documents: { retrieve: data/products.csv, query: "{{ question }}", top: 3 }
evaluation:
  datasets: data/questions.jsonl
  evaluators: [groundedness, relevance]
gate:
  groundedness: { mean: ">= 4" }
`,
      "chat.prompty": `---
name: original
---
system:
Answer {{ customer.firstName }} ({{ customer.membership }}).
{% for product in documents %}{{ product.name }}: {{ product.price }}
{% endfor %}{% for order in customer.orders %}- {{ order.name }}, {{ order.total }}
{% endfor %}
{{ chat_history }}
user:
{{ question }}
`,
    };
    for (const [file, text] of Object.entries(texts)) files.set(file, new TextEncoder().encode(text));
    const { rows, prompts } = await renderRows(files);
    expect(rows).toBe(12);
    expect(prompts.every((prompt) => prompt.includes("TrailMaster X4 Tent: 250.0"))).toBe(true);
    expect(prompts.some((prompt) => prompt.includes("Answer John (Base)."))).toBe(true);
  });
}
