import { monitorTurns } from "../pipelines/monitor/monitor-turns.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { turnSampleMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("turn-sampled", "turn-samples", (message, { monitor }, delivery) =>
  monitorTurns(parseMessage(turnSampleMessageSchema, message), monitor, delivery),
);
