import OpenAI from "openai";
import { startOfflineModel } from "../../../local/model/start-offline-model.ts";

/** The real client, pointed at a stand-in of this file's own. */
export async function openAiClient(): Promise<{ client: OpenAI; baseUrl: string; close(): Promise<void> }> {
  const model = await startOfflineModel();
  const client = new OpenAI({ baseURL: model.baseUrl, apiKey: model.apiKey, maxRetries: 0 });
  return { client, baseUrl: model.baseUrl, close: () => model.close() };
}

/** What the stand-in says to a system prompt and a question. */
export async function ask(client: OpenAI, system: string, question: string): Promise<string> {
  const completion = await client.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: system },
      { role: "user", content: question },
    ],
  });
  return completion.choices[0]?.message.content ?? "";
}
