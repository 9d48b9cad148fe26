import { expect, test } from "vitest";
import { jsonResponse, textResponse } from "../../functions/text-response.ts";

test("the library finds in an answer what it writes: status, headers, texts", async () => {
  async function* texts(): AsyncGenerator<string> {
    yield "one";
    yield "two";
  }
  const answer = textResponse({ headers: { "x-flowgate-session": "ada" } }, texts());
  expect(answer.status).toBe(200);
  expect(answer.headers.get("connection") ?? null).toBeNull();
  expect([...answer.headers.entries()]).toEqual([["x-flowgate-session", "ada"]]);
  const written: unknown[] = [];
  for await (const text of answer.body?.values() ?? []) written.push(text);
  expect(written).toEqual(["one", "two"]);
  expect(answer.cookies).toEqual([]);
});

test("JSON has its length in bytes", () => {
  const answer = jsonResponse(409, { "x-flowgate-version": "shop@1" }, { said: "⛺" });
  expect(answer.status).toBe(409);
  expect(Object.fromEntries(answer.headers.entries())).toEqual({
    "x-flowgate-version": "shop@1",
    "content-type": "application/json",
    "content-length": "14",
  });
});

/** Where the library finds out while it writes, nobody ends the answer. */
test.each(["two\nlines", "5 €"])("a header that cannot be written is refused before: %j", (value) => {
  expect(() => textResponse({ headers: { "x-flowgate-session": value } }, [])).toThrow(TypeError);
});

test.each([99, 199, 600, Number.NaN])("so is the status %d", (status) => {
  expect(() => jsonResponse(status, {}, {})).toThrow(RangeError);
});
