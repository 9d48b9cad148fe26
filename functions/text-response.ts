import { HttpResponse, type HttpResponseInit } from "@azure/functions";

/**
 * An answer of texts, which the library writes as they come. It takes of an answer's body nothing but its values: a web
 * stream around texts would cost a quarter of a request, for each of them.
 */
export class TextResponse extends HttpResponse {
  override readonly body: HttpResponse["body"];

  constructor(
    init: Pick<HttpResponseInit, "status" | "headers">,
    texts: AsyncIterable<string> | Iterable<string>,
  ) {
    super(init);
    this.body = { values: () => texts } as unknown as HttpResponse["body"];
  }
}

/** A value as JSON, with its length: known, it goes out in one piece with the head. */
export function jsonResponse(status: number, headers: Record<string, string>, value: object): TextResponse {
  const text = JSON.stringify(value);
  const length = String(Buffer.byteLength(text));
  const described = { ...headers, "content-type": "application/json", "content-length": length };
  return new TextResponse({ status, headers: described }, [text]);
}
