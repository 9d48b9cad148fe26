import OpenAI from "openai";

/**
 * What a program of a few lines does: rows are answered and judged with the `openai` client as it comes, 32 at once.
 * Run as a process of its own, so that its CPU time is its own: `node openai-loop.ts <base URL> <rows> <at once>`.
 */
const [, , baseURL = "", rows = "0", atOnce = "1"] = process.argv;
const client = new OpenAI({ baseURL, apiKey: "stub", maxRetries: 2 });
const next = Array.from({ length: Number(rows) }, (_, index) => index).values();

async function call(content: string, judge: boolean): Promise<string> {
  const completion = await client.chat.completions.create({
    model: "stub",
    messages: [
      { role: "system", content: "Answer briefly." },
      { role: "user", content },
    ],
    ...(judge ? { response_format: { type: "json_object" } } : {}),
  });
  return completion.choices[0]?.message.content ?? "";
}

async function worker(): Promise<void> {
  for (const row of next) {
    const answer = await call(`What does item ${row} weigh?`, false);
    JSON.parse(await call(`Score this answer: ${answer}`, true));
  }
}

const startedAt = performance.now();
const before = process.cpuUsage();
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ seconds: (performance.now() - startedAt) / 1000, cpuMs: (user + system) / 1000 }),
);
