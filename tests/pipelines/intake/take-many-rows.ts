import { writeSmallFlow } from "../../e2e/small-flow.ts";
import { createIntakeWorld, FLOW } from "./intake-world.ts";

/** Takes a snapshot of a flow with as many rows as are asked for, in a file of a kind, and prints what became of it. */
const [rows, kind] = [Number(process.argv[2]), process.argv[3]];
const world = createIntakeWorld();
const flow = Object.fromEntries(writeSmallFlow(FLOW))["flow.yaml"] ?? "";
await world.pushSmallFlow();
await world.write("flow.yaml", flow.replace("data.jsonl", `many.${kind}`));
await world.store.write("flows", `${FLOW}/many.${kind}`, function* pieces() {
  if (kind === "csv") yield Buffer.from("id,question,ground_truth\n");
  for (let row = 0; row < rows; row += 1) {
    const [id, question] = [`row-${row}`, `What is row ${row}, ${"of many, ".repeat(100)}about?`];
    const json = JSON.stringify({ id, question, ground_truth: "4" });
    if (kind === "csv") yield Buffer.from(`${id},"${question}",4\n`);
    else if (kind === "jsonl") yield Buffer.from(`${json}\n`);
    else yield Buffer.from(`${row === 0 ? "[" : ","}${json}${row === rows - 1 ? "]" : ""}`);
  }
});
await world.changed(".commit.json");
const [suite] = await world.suites();
console.log(
  JSON.stringify({
    outcome: (await world.state())?.outcome.kind,
    rows: suite?.rows,
    largest: suite?.clusters.largest,
  }),
);
