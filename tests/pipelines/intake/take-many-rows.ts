import { createIntakeWorld } from "./intake-world.ts";

/** Takes a snapshot of a flow with as many rows as are asked for, and prints what became of it. */
const rows = Number(process.argv[2]);
const world = createIntakeWorld();
await world.pushSmallFlow();
await world.store.write("flows", "shop/data.jsonl", function* lines() {
  for (let row = 0; row < rows; row += 1)
    yield Buffer.from(
      `${JSON.stringify({ id: `row-${row}`, question: `What is row ${row}, ${"of many, ".repeat(100)}about?`, ground_truth: "4" })}\n`,
    );
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
