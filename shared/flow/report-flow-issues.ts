import type { z } from "zod";
import type { Findings } from "./diagnostics.ts";
import { isUnnamed } from "./evaluator-schema.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { schemaWords } from "./schema-words.ts";

/** More findings than this about one file help nobody. */
const MAX_REPORTED = 100;

/** How each key is written, for whoever left it out or wrote it otherwise. */
const EXAMPLES: Record<string, string> = {
  name: "name: my-flow",
  description: "description: What the flow is for.",
  about: "about: { intendedUse: What it is for., limits: [What it cannot do.] }",
  prompt: "prompt: chat.prompty",
  steps: 'steps: { documents: { retrieve: knowledge/products.jsonl, query: "{{ question }}" } }',
  guardrails: "guardrails: { input: [attack], output: [personal_data, { blocked_terms: [a term] }] }",
  variants: "variants: { temperature: { cold: 0, warm: 0.7 } }",
  evaluation: "evaluation: { datasets: [data/questions.jsonl], evaluators: [groundedness] }",
  budget: 'budget: { tokens: 2M, cost: "$5" }',
  counterfactuals: "counterfactuals: [{ name: gender, swap: [[he, she], [Mr, Ms]] }]",
  judge: 'judge: { agreement: ">= 0.6", labels: ">= 30" }',
  fairness: 'fairness: { of: groundedness, by: customer.region, gap: "<= 0.3" }',
  rollout: "rollout: { canary: [5%, 25%, 50%], minSessions: 100, soak: 1h, approval: last }",
  monitoring: "monitoring: { sample: 5%, dailyBudget: { tokens: 200k }, retainDays: 30 }",
  gate: 'gate: { groundedness: { mean: ">= 4" } }',
};

/** Parts of parts that have an example of their own. */
const INNER = ["budget", "counterfactuals", "judge", "fairness"];

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  errors?: Issue[][];
  issues?: Issue[];
}

/** Reports what `flow.yaml` has of another form than its schema asks for, with how it is written. */
export function reportFlowIssues(error: z.ZodError, yaml: ParsedYaml, findings: Findings): void {
  for (const issue of error.issues.slice(0, MAX_REPORTED)) reportIssue(issue, yaml, findings);
}

function reportIssue(issue: Issue, yaml: ParsedYaml, findings: Findings): void {
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    for (const [index, key] of (issue.keys ?? []).slice(0, MAX_REPORTED).entries()) {
      const [message = "", remedy] = (messages[index] ?? "").split("|");
      findings.error(FLOW_FILE, yaml.placeOf([...issue.path, key], "key"), message, remedy);
    }
    return;
  }
  if (issue.code === "invalid_union" && issue.errors !== undefined) {
    // The alternative that got furthest is the one that was meant.
    const closest = issue.errors.find((inner) =>
      inner.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
    );
    if (closest !== undefined) {
      for (const inner of closest)
        reportIssue({ ...inner, path: [...issue.path, ...inner.path] }, yaml, findings);
      return;
    }
  }
  // Said once of all it holds, where evaluators are read.
  if (issue.path[1] === "evaluators" && isUnnamed(valueAt(yaml.value, issue.path.slice(0, 3)))) return;
  const name = issue.path.map(String).join(".");
  const part = issue.path.findLast((key) => INNER.includes(String(key))) ?? issue.path[0] ?? "name";
  const example = EXAMPLES[String(part)] ?? EXAMPLES["gate"];
  const missing = issue.code === "invalid_type" && valueAt(yaml.value, issue.path) === undefined;
  const message =
    issue.code === "invalid_key" ? (issue.issues?.[0]?.message ?? issue.message) : schemaWords(issue);
  const said = name === "" ? message : `${name}: ${message}`;
  findings.error(
    FLOW_FILE,
    yaml.placeOf(issue.path, issue.code === "invalid_key" ? "key" : "value"),
    missing && name !== "" ? `There is no ${name}.` : said,
    `Write it as in ${example}`,
  );
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
