import { StringDecoder } from "node:string_decoder";
import type { OpenAI } from "openai";
import { modelPackages } from "../load-later.ts";
import type { RawResponse } from "../send-request.ts";
import { plainHeaders } from "../undici-fetch.ts";
import { createContentScanner } from "./content-scanner.ts";

type Chunk = OpenAI.Chat.ChatCompletionChunk;

/** What a chunk of a streamed answer says: text alone, or all of the chunk. */
export type StreamNews = string | Chunk;

/** An event longer than this is no answer's. */
const LONGEST_EVENT = 8 * 1024 * 1024;

/**
 * The chunks of a streamed chat completion, all that arrived at once together, in order; no text is lost or merged.
 * Ends at `[DONE]` or where the service ends. Throws the `openai` client's errors, also for an error event.
 */
export async function* readCompletionStream({ body, headers }: RawResponse): AsyncGenerator<StreamNews[]> {
  const decoder = new StringDecoder("utf8");
  const scanner = createContentScanner();
  /** The beginning of a line that has not ended yet, and what its event has said before it. */
  let rest = "";
  let data = "";
  /** Whether lines of that event came in earlier pieces. */
  let isBegun = false;
  for await (const piece of body.batches()) {
    const arrived = decoder.write(piece);
    const text = rest + arrived;
    // A line is read once it has ended: read again with each of its pieces, a long one would take minutes.
    const lastEnd = arrived.lastIndexOf("\n");
    const ended = lastEnd < 0 ? 0 : rest.length + lastEnd + 1;
    const news: StreamNews[] = [];
    /** Where the event and the line begin that are being read; undefined for an event that began earlier. */
    let event: number | undefined = isBegun ? undefined : 0;
    let from = 0;
    while (from < ended) {
      if (event === from) event = from = scanner.readAll(text, from, news);
      const to = text.indexOf("\n", from);
      if (to < 0) break;
      const line = text.slice(from, text[to - 1] === "\r" ? to - 1 : to);
      from = to + 1;
      if (line.startsWith("data:")) {
        const value = line.slice(line[5] === " " ? 6 : 5);
        data = data === "" ? value : `${data}\n${value}`;
      } else if (line === "") {
        if (data.startsWith("[DONE]")) {
          body.enough();
          if (news.length > 0) yield news;
          return;
        }
        if (data !== "") news.push(read(data, event === undefined ? undefined : text.slice(event, from)));
        data = "";
        event = from;
      }
    }
    rest = text.slice(from);
    isBegun = event !== from;
    if (data.length + rest.length > LONGEST_EVENT)
      throw failure(undefined, "An event of the stream has no end.");
    if (news.length > 0) yield news;
  }

  function failure(error: object | undefined, message: string | undefined): Error {
    const { APIError } = modelPackages().OpenAI;
    return new APIError(undefined, error, message, plainHeaders(headers) as Headers);
  }

  /** `event`: all of its lines, where they are there. */
  function read(value: string, event: string | undefined): StreamNews {
    const chunk = JSON.parse(value) as Chunk & { error?: object };
    if (chunk.error) throw failure(chunk.error, undefined);
    const content = contentAlone(chunk);
    if (content !== undefined && event !== undefined) scanner.learn(event, content);
    return chunk;
  }
}

/** The text of a chunk that says nothing else. */
function contentAlone({ choices, usage }: Chunk): string | undefined {
  const [choice] = choices ?? [];
  if (!choice || choices.length > 1 || usage || choice.finish_reason) return undefined;
  const { content, role: _role, refusal, ...others } = choice.delta ?? {};
  return typeof content === "string" && !refusal && Object.keys(others).length === 0 ? content : undefined;
}
