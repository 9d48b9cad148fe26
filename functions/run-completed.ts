import { completeRun } from "../pipelines/decide/complete-run.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { completionMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("run-completed", "run-completions", (message, { decide }) =>
  completeRun(parseMessage(completionMessageSchema, message), decide),
);
