import { evaluateShard } from "../pipelines/evaluate/evaluate-shard.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { shardMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("shard-queued", "evaluation-shards", (message, { evaluate }, delivery) =>
  evaluateShard(parseMessage(shardMessageSchema, message), evaluate, delivery),
);
