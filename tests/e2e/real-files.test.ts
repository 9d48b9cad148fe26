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

// Registered only where the files are: there is nothing to test without them.
if (existsSync(REAL_FILES)) {
  test("the loop runs on the files of an existing app as they are: CSV, a folder of JSON files, JSONL", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "flowgate-real-"));
    await mkdir(folder, { recursive: true });
    await cp(REAL_FILES, folder, { recursive: true });
    await writeFile(path.join(folder, "flow.yaml"), FLOW_YAML);
    await writeFile(path.join(folder, "chat.prompty"), PROMPT);
    try {
      await using flowgate = await startTestPlatform({ flowFolder: folder, flow: FLOW });
      const verdict = verdictOf(await flowgate.pushAndWait());
      expect(verdict.reasons).toEqual([expect.stringContaining("requirements hold on 12 rows")]);
      expect(verdict.outcome).toBe("pass");
      const reply = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: FLOW,
          messages: [{ role: "user", content: "How much is the TrailMaster X4 Tent?" }],
          metadata: { customerId: "11" },
        }),
      });
      expect(JSON.stringify(await reply.json())).toContain("250");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
