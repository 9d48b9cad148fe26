import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import { messageOf } from "../../../shared/errors.ts";
import { OFFLINE_STAND_IN } from "../../../shared/model/offline-stand-in.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { answerChat } from "./answer-chat.ts";
import { answerEmbeddings, embeddingsRequestSchema } from "./answer-embeddings.ts";
import { chatRequestSchema } from "./chat-request.ts";
import type { ChatRequestBody } from "./chat-request.ts";
import { OpenAiError, openAiErrorBody } from "./openai-error.ts";
import { sendJson } from "./send-json.ts";

export interface ModelServerDependencies {
  /** The text that answers a request. */
  answer: (body: ChatRequestBody) => Promise<string>;
  encoder: SentenceEncoder;
  /** Milliseconds that every call takes at least. */
  latencyMs: number;
}

const MODEL = { id: OFFLINE_STAND_IN, object: "model", created: 0, owned_by: "flowgate" };

/** The OpenAI-compatible server, not yet listening: `/v1/chat/completions`, `/v1/embeddings`, `/v1/models`. */
export function createModelServer(dependencies: ModelServerDependencies): Server {
  const { answer, encoder, latencyMs } = dependencies;
  const latency = async (): Promise<void> => {
    if (latencyMs > 0) await setTimeout(latencyMs);
  };
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    "POST /v1/chat/completions": async (request, response) => {
      const body = await readBody(request, chatRequestSchema);
      const [text] = await Promise.all([answer(body), latency()]);
      answerChat(response, body, text);
    },
    "POST /v1/embeddings": async (request, response) => {
      const body = await readBody(request, embeddingsRequestSchema);
      await latency();
      await answerEmbeddings(response, body, encoder);
    },
    "GET /v1/models": async (_, response) => sendJson(response, 200, { object: "list", data: [MODEL] }),
    [`GET /v1/models/${OFFLINE_STAND_IN}`]: async (_, response) => sendJson(response, 200, MODEL),
  };

  return createServer(async (request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    try {
      const route = routes[`${request.method} ${path}`];
      if (!route) {
        throw new OpenAiError(
          404,
          `Unknown request ${request.method} ${path}. Known: ${Object.keys(routes).join(", ")}`,
        );
      }
      await route(request, response);
    } catch (error) {
      const refusal = error instanceof OpenAiError ? error : new OpenAiError(500, messageOf(error));
      if (response.headersSent) response.destroy();
      else sendJson(response, refusal.status, openAiErrorBody(refusal));
    }
  });
}

async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const value = await json(request).catch((error: unknown) => {
    throw new OpenAiError(400, `We could not parse the JSON body of your request: ${messageOf(error)}`);
  });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const parameter = issue?.path.join(".") || null;
  throw new OpenAiError(
    400,
    `Invalid '${parameter ?? "body"}': ${issue?.message ?? "unreadable"}.`,
    parameter,
  );
}
