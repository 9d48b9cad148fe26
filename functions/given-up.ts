import { listGivenUp, replayGivenUp } from "../pipelines/decide/replay-given-up.ts";
import { actorSchema } from "../shared/messages/management-requests.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { actorOf } from "./authorise.ts";
import { managementFunction } from "./management-function.ts";

// A message may hold what users asked: it is for those who mend, not for every reader.
managementFunction(
  "given-up-list",
  "GET",
  "api/given-up",
  (_request, { decide }) => listGivenUp(decide),
  "operator",
);

managementFunction(
  "given-up-replay",
  "POST",
  "api/given-up/{queue}/{id}",
  async (request, { decide }, caller) => {
    const { actor } = parseMessage(actorSchema, await request.json().catch(() => undefined));
    const { queue = "", id = "" } = request.params;
    return replayGivenUp({ queue, id, by: actorOf(caller, actor) }, decide);
  },
);
