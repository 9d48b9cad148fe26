import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError } from "commander";
import { askFlow, type ConversationTurn, type FlowAnswer, servedFlows } from "../ask-flow.ts";
import { onlyFlow } from "../choose-flow.ts";
import { CommandError } from "../command-error.ts";
import type { Connection } from "../connection.ts";
import { converse } from "../converse.ts";
import { EXIT_CODE } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { createManagementApi } from "../management-api.ts";
import { plainText } from "../plain-text.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";
import { unknownInputWords } from "../unknown-inputs.ts";

interface ChatOptions extends CommonOptions {
  set: Record<string, string>;
}

/** `flowgate chat [flow] [question...]` */
export function addChat(program: Command): void {
  const command = program
    .command("chat")
    .description("ask the version in production; without a question, a conversation until Ctrl-D")
    .argument("[flow]", "the flow (default: the only one)")
    .argument("[question...]", "the question; read from stdin where that is not a terminal")
    .option(
      "--set <name=value>",
      "another input of the flow, such as customerId=3 (repeatable)",
      addInput,
      {},
    )
    .addHelpText(
      "after",
      '\nExample: flowgate chat contoso-chat "Which tent is the lightest?" --set customerId=3',
    );
  withCommonOptions(command).action((flow: string | undefined, question: string[], options: ChatOptions) =>
    runCommand(options, (invocation) => chat([flow ?? [], question].flat(2), options, invocation)),
  );
}

async function chat(words: string[], options: ChatOptions, invocation: Invocation): Promise<number> {
  const { output, signal } = invocation;
  const connection = await invocation.connect();
  const { flow, question } = splitWords(words, await servedFlows(connection, signal));
  let unchecked = Object.keys(options.set);
  const ask = async (messages: ConversationTurn[], stop: AbortSignal): Promise<FlowAnswer> => {
    const answer = await answerOnce(connection, { flow, messages, inputs: options.set }, output, stop);
    const api = createManagementApi(connection, stop);
    for (const words of await unknownInputWords(api, answer.version, unchecked)) {
      output.note(`${output.paintNote("yellow", "warning:")} ${plainText(words)}`);
    }
    unchecked = [];
    return answer;
  };

  const asked = question ?? (process.stdin.isTTY ? undefined : (await text(process.stdin)).trim());
  if (asked === undefined && !output.json) {
    output.note(output.paintNote("dim", `${flow} answers; Ctrl-D ends`));
    await converse({
      input: process.stdin,
      output: process.stderr,
      signal,
      ask: (messages, stop) => ask(messages, AbortSignal.any([stop, signal])),
      onError: (message) => output.note(`${output.paintNote("red", "error:")} ${message}`),
    });
    return EXIT_CODE.pass;
  }
  if (!asked) throw new CommandError(`Ask something: flowgate chat ${flow} "your question".`);
  const { answer, version, usage } = await ask([{ role: "user", content: asked }], signal);
  if (output.json) output.printJson({ answer, version, usage });
  return EXIT_CODE.pass;
}

/** Asks and, unless the output is JSON, prints the answer as it comes, then by which version and for how much. */
async function answerOnce(
  connection: Connection,
  request: Parameters<typeof askFlow>[1],
  output: Output,
  signal: AbortSignal,
): Promise<FlowAnswer> {
  const onText = (piece: string): void => {
    if (!output.json) output.write(plainText(piece));
  };
  let begun = false;
  try {
    const answer = await askFlow(connection, request, {
      onText: (piece) => {
        begun = true;
        onText(piece);
      },
      signal,
    });
    if (!output.json) output.print(`\n${output.paint("dim", footnote(answer))}`);
    return answer;
  } catch (error) {
    if (begun && !output.json) output.print("");
    throw error;
  }
}

function footnote({ version, usage }: FlowAnswer): string {
  const tokens = usage ? `${usage.inputTokens} tokens in, ${usage.outputTokens} out` : "tokens not counted";
  return `${plainText(version ?? "version not named")} · ${tokens}`;
}

/**
 * The first word is the flow where one has that name; else all words ask the only flow there is. A lone word, or one
 * before a quoted question, was meant as a flow.
 */
function splitWords(words: string[], flows: string[]): { flow: string; question: string | undefined } {
  const [first, ...rest] = words;
  if (first === undefined || !flows.includes(first)) {
    const meansFlow = first !== undefined && !first.includes(" ") && (rest[0]?.includes(" ") ?? true);
    if (!meansFlow) return { flow: onlyFlow(flows), question: words.join(" ") || undefined };
    const known = flows.join(", ") || "none";
    throw new CommandError(`There is no flow ${plainText(first)} in production. There is: ${known}.`);
  }
  return { flow: first, question: rest.join(" ") || undefined };
}

function addInput(pair: string, inputs: Record<string, string>): Record<string, string> {
  const [name, ...value] = pair.split("=");
  if (!name || value.length === 0) throw new InvalidArgumentError("Write it as name=value.");
  return { ...inputs, [name]: value.join("=") };
}
