import { handleVerdict } from "../pipelines/release/handle-verdict.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { releaseMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("release-requested", "release-requests", (message, { release }) =>
  handleVerdict(parseMessage(releaseMessageSchema, message), release),
);
