import { randomInt } from "node:crypto";
import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { makeScratchFlows, type ScratchFlows } from "../e2e/scratch-flows.ts";

/** What would show that a text of a row had been taken for HTML. */
export const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> closed?`;

/** The small flow with a canary that asks for an approval, a limit that a wordy prompt breaks, and a hostile row. */
export async function makeStudioFlow(): Promise<ScratchFlows> {
  const scratch = await makeScratchFlows();
  const flowYaml = path.join(scratch.small, "flow.yaml");
  const text = await readFile(flowYaml, "utf8");
  await writeFile(
    flowYaml,
    // As many columns as a phone has no room for.
    `${text.replace("[coherence]", "[coherence, fluency, relevance]")}  input_tokens: { max: "<= 400" }
rollout: { canary: [50%], minSessions: 5, minTime: 0s, soak: 0s, approval: last, quiet: 10m }
`,
  );
  const data = path.join(scratch.small, "data.jsonl");
  await appendFile(
    data,
    `${JSON.stringify({ id: "hostile", question: `When is the shop ${HOSTILE}\u202E` })}\n`,
  );
  // Two topics, so that the run has slices.
  const rows = (await readFile(data, "utf8")).trimEnd().split("\n");
  const ofTopics = rows.map((line, index) =>
    line.replace(/}$/, `, "topic": "${index < 2 ? "hours" : "tricks"}"}`),
  );
  await writeFile(data, `${ofTopics.join("\n")}\n`);
  return scratch;
}

/**
 * A port that nobody uses, for a platform that is to come back at the same address. Systems give those from 32768 on to
 * whoever asks for any, while that platform is away too.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
