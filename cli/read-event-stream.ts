/**
 * The `data` of each server-sent event of a stream, in order. Other fields and comments are skipped; an event that
 * the stream's end cuts off is dropped, as the protocol asks.
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let waiting = "";
  let data: string[] = [];
  for await (const chunk of body) {
    waiting += decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be half of a line break whose other half is still to come.
    const lines = waiting.split(/\r\n|\n|\r(?!$)/);
    waiting = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      }
    }
  }
}
