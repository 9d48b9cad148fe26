import { z } from "zod";
import { actOnCommand } from "../pipelines/release/act-on-command.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { RELEASE_VERBS } from "../shared/model/status.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

const requestSchema = z.object({
  generation: z.number().int().optional(),
  rolloutId: z.string().max(64).optional(),
  step: z.number().int().optional(),
  version: z.string().max(64).optional(),
  reason: z.string().trim().min(1).max(2000),
  actor: z.string().trim().min(1).max(200),
  key: z.string().min(1).max(200).optional(),
});

for (const verb of RELEASE_VERBS) {
  managementFunction(
    `release-${verb}`,
    "POST",
    `api/flows/{flow}/${verb}`,
    async (request, { release }, caller) => {
      const body = parseMessage(requestSchema, await request.json().catch(() => undefined));
      const actor = actorOf(caller, body.actor);
      return actOnCommand(request.params["flow"] ?? "", verb, { ...body, actor }, release);
    },
  );
}
