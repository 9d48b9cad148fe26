import { app } from "@azure/functions";
import type { InvocationContext } from "@azure/functions";
import { recordPoison } from "../pipelines/decide/record-poison.ts";
import { QUEUES } from "../shared/ports/queue.ts";
import { servesPart } from "../shared/settings.ts";
import { pipelineServices } from "./pipeline-services.ts";

// One policy for every poison queue: mark what the message belonged to as failed, and keep the message.
for (const queue of servesPart("pipeline") ? QUEUES : []) {
  app.storageQueue(`${queue}-given-up`, {
    queueName: `${queue}-poison`,
    connection: "AzureWebJobsStorage",
    handler: (message: unknown, context: InvocationContext) =>
      recordPoison(queue, context.invocationId, message, pipelineServices().decide),
  });
}
