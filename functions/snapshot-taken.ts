import { planRun } from "../pipelines/evaluate/plan-run.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { snapshotMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("snapshot-taken", "flow-snapshots", (message, { evaluate }) =>
  planRun(parseMessage(snapshotMessageSchema, message), evaluate),
);
