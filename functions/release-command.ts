import { actOnCommand } from "../pipelines/release/act-on-command.ts";
import { releaseRequestSchema } from "../shared/messages/management-requests.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { RELEASE_VERBS } from "../shared/model/status.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

for (const verb of RELEASE_VERBS) {
  managementFunction(
    `release-${verb}`,
    "POST",
    `api/flows/{flow}/${verb}`,
    async (request, { release }, caller) => {
      const body = parseMessage(releaseRequestSchema, await request.json().catch(() => undefined));
      const actor = actorOf(caller, body.actor);
      return actOnCommand(request.params["flow"] ?? "", verb, { ...body, actor }, release);
    },
  );
}
