import { z } from "zod";
import { rollBack } from "../pipelines/release/roll-back.ts";
import { parseMessage } from "../shared/messages/parse-message.ts";
import { managementFunction } from "./management-function.ts";

const requestSchema = z.object({
  generation: z.number().int().optional(),
  reason: z.string().trim().min(1).max(2000),
  actor: z.string().trim().min(1).max(200),
});

managementFunction("roll-back", "POST", "api/flows/{flow}/rollback", async (request, { release }) => {
  const body = parseMessage(requestSchema, await request.json().catch(() => undefined));
  return rollBack(request.params["flow"] ?? "", body, release);
});
