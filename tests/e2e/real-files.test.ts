import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { startTestPlatform, verdictOf } from "./test-platform.ts";

// Files of an existing app, kept beside the repository and not part of it.
const REAL_FILES = path.resolve(import.meta.dirname, "../../../shared/data/contoso-chat");
const FLOW = "real-contoso";

const FLOW_YAML = `name: ${FLOW}
prompt: chat.prompty
steps:
  customer: { lookup: customer_info, by: id, equals: "{{ customerId }}" }
  documents: { retrieve: products.csv, query: "{{ question }}", top: 3 }
evaluation:
  datasets: [questions.jsonl]
  evaluators: [groundedness, relevance, coherence, fluency]
gate:
  groundedness: { mean: ">= 3" }
  errors: { rate: "<= 0" }
`;

const PROMPT = `---
name: ${FLOW}
inputs:
  question: { type: string }
  customerId: { type: string }
  chat_history: { type: list, default: [] }
  customer: { type: object }
  documents: { type: list }
---
system:
You answer for an outdoor shop, only from the documents and the customer's record.

# Documents
{% for product in documents %}## [{{ product.id }}] {{ product.name }} (\${{ product.price }})
{{ product.description }}
{% endfor %}
# Customer
First name: {{ customer.firstName }}
Membership: {{ customer.membership }}
{% for order in customer.orders %}- {{ order.quantity }} x {{ order.name }} on {{ order.date }}
{% endfor %}

{{ chat_history }}

user:
{{ question }}
`;

/** Files of the same forms, for machines that have only the repository. */
const OWN_FILES = {
  "products.csv": `id,name,price,category,brand,description\n${["Tent", "Stove", "Lamp"].map((name, index) => `${index + 1},${name},${250 + index},Camping,Contoso,"The ${name}, light and strong."`).join("\n")}\n`,
  "questions.jsonl": ["Tent", "Stove", "Lamp"]
    .map(
      (name) =>
        `${JSON.stringify({ customerId: "11", question: `How much is the ${name}?`, chat_history: [] })}\n`,
    )
    .join(""),
  "customer_info/customer_info_11.json": JSON.stringify({
    id: "11",
    firstName: "Ada",
    membership: "Gold",
    orders: [{ id: 1, quantity: 1, name: "Tent", date: "1/1/2026" }],
  }),
};

const SOURCES = [
  { what: "of the same forms", question: "How much is the Tent?", rows: 3 },
  // Only where they lie beside the repository: there is nothing to test without them.
  ...(existsSync(REAL_FILES)
    ? [{ what: "as they are", from: REAL_FILES, question: "How much is the TrailMaster X4 Tent?", rows: 12 }]
    : []),
];

test.each<{ what: string; from?: string; question: string; rows: number }>(SOURCES)(
  "the loop runs on the files of an existing app, $what: CSV, a folder of JSON files, JSONL",
  async ({ from, question, rows }) => {
    const folder = await mkdtemp(path.join(tmpdir(), "flowgate-real-"));
    if (from !== undefined) await cp(from, folder, { recursive: true });
    else {
      await mkdir(path.join(folder, "customer_info"));
      for (const [file, text] of Object.entries(OWN_FILES)) await writeFile(path.join(folder, file), text);
    }
    await writeFile(path.join(folder, "flow.yaml"), FLOW_YAML);
    await writeFile(path.join(folder, "chat.prompty"), PROMPT);
    try {
      await using flowgate = await startTestPlatform({ flowFolder: folder, flow: FLOW });
      const verdict = verdictOf(await flowgate.pushAndWait());
      expect(verdict.reasons).toEqual([expect.stringContaining(`requirements hold on ${rows} rows`)]);
      expect(verdict.outcome).toBe("pass");
      const reply = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: FLOW,
          messages: [{ role: "user", content: question }],
          metadata: { customerId: "11" },
        }),
      });
      expect(JSON.stringify(await reply.json())).toContain("250");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
