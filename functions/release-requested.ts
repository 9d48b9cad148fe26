import { advanceRelease } from "../pipelines/release/advance-release.ts";
import { handleVerdict } from "../pipelines/release/handle-verdict.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { releaseMessageSchema } from "../shared/messages/queue-messages.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("release-requested", "release-requests", async (message, { release }) => {
  const request = parseMessage(releaseMessageSchema, message);
  await (request.kind === "verdict"
    ? handleVerdict(request, release)
    : advanceRelease(request.flow, release));
});
