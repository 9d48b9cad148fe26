import { createInterface } from "node:readline";
import { messageOf } from "../shared/errors.ts";
import type { ConversationTurn, FlowAnswer } from "./ask-flow.ts";
import { plainText } from "./plain-text.ts";

/**
 * A conversation line by line until the input ends (Ctrl-D). What was said before goes with each question. Ctrl-C
 * stops an answer under way, and ends the conversation at the prompt. A question that fails is forgotten.
 */
export async function converse(conversation: {
  input: NodeJS.ReadableStream;
  /** Where the prompt and the typed text are shown. */
  output: NodeJS.WritableStream;
  ask: (messages: ConversationTurn[], signal: AbortSignal) => Promise<FlowAnswer>;
  onError: (message: string) => void;
  signal?: AbortSignal;
}): Promise<void> {
  const terminal = createInterface({
    input: conversation.input,
    output: conversation.output,
    prompt: "> ",
    ...(conversation.signal && { signal: conversation.signal }),
  });
  let answering: AbortController | undefined;
  terminal.on("SIGINT", () => (answering ? answering.abort() : terminal.close()));
  const messages: ConversationTurn[] = [];
  terminal.prompt();
  for await (const line of terminal) {
    const content = line.trim();
    if (content !== "") {
      const question: ConversationTurn = { role: "user", content };
      answering = new AbortController();
      try {
        const { answer } = await conversation.ask([...messages, question], answering.signal);
        messages.push(question, { role: "assistant", content: answer });
      } catch (error) {
        conversation.onError(answering.signal.aborted ? "stopped" : plainText(messageOf(error)));
      }
      answering = undefined;
    }
    terminal.prompt();
  }
  conversation.output.write("\n");
}
