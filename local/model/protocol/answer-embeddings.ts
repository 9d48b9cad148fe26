import type { ServerResponse } from "node:http";
import * as z from "zod";
import { OFFLINE_STAND_IN } from "../../../shared/model/offline-stand-in.ts";
import { countTokens } from "../text/count-tokens.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { sendJson } from "./send-json.ts";

/** `input` as token ids, which OpenAI also takes, is refused: there is no vocabulary to read them by. */
export const embeddingsRequestSchema = z.object({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});

/** Sends one vector per input, in order, as numbers or as base64 of little-endian 32-bit floats. */
export async function answerEmbeddings(
  response: ServerResponse,
  body: z.infer<typeof embeddingsRequestSchema>,
  encoder: SentenceEncoder,
): Promise<void> {
  const inputs = typeof body.input === "string" ? [body.input] : body.input;
  const vectors = await Promise.all(inputs.map((input) => encoder.text(input)));
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding:
      body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : Array.from(vector),
  }));
  const tokens = inputs.reduce((sum, input) => sum + countTokens(input), 0);
  sendJson(response, 200, {
    object: "list",
    model: OFFLINE_STAND_IN,
    data,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}
