import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { app } from "@azure/functions";
import type { InvocationContext } from "@azure/functions";

interface Job {
  id: string;
  action?: "fail" | "hang" | "exit" | "wait";
  /** The file that `wait` waits for. */
  until?: string;
}

let running = 0;
let mostRunning = 0;

app.storageQueue("job", {
  queueName: "%FIXTURE_QUEUE%",
  connection: "AzureWebJobsStorage",
  handler: async (entry: unknown, context: InvocationContext) => {
    const job = typeof entry === "object" && entry !== null ? (entry as Job) : { id: String(entry) };
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    try {
      const { triggerMetadata } = context;
      context.log(`job ${JSON.stringify({ id: job.id, pid: process.pid, mostRunning, triggerMetadata })}`);
      if (job.action === "fail") throw new Error("this job always fails");
      if (job.action === "exit") process.exit(3);
      if (job.action === "hang") await new Promise(() => {});
      while (job.action === "wait" && !existsSync(job.until ?? "")) await sleep(10);
    } finally {
      running -= 1;
    }
    context.log(`done ${job.id}`);
  },
});
