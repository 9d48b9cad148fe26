import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Request as DeferredRequest } from "../../scripts/deployed/deferred-request.ts";

const URL_GIVEN = "http://Shop.example:80/a b/../chat?q=%C3%A9&q=2";
const BODY = '{"question":"Wie viel wiegt das Zelt? ⛺"}';
const init = () => ({
  method: "POST",
  headers: { "X-Session": "s-1", "content-type": "application/json" },
  body: Readable.from([
    Buffer.from(BODY.slice(0, 20)),
    Buffer.from(BODY.slice(20)),
  ]) as unknown as NonNullable<RequestInit["body"]>,
  duplex: "half" as const,
});
const deferred = () => new DeferredRequest(URL_GIVEN, init());
const native = () => new Request(URL_GIVEN, init());

let made = 0;
const Native = globalThis.Request;
beforeEach(() => {
  made = 0;
  vi.stubGlobal(
    "Request",
    class extends Native {
      constructor(...given: ConstructorParameters<typeof Native>) {
        super(...given);
        made += 1;
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

describe("a request that is made when it is read", () => {
  test("says what the web's own says, without making one", () => {
    const [ours, theirs] = [deferred(), native()];
    made = 0;
    expect(ours.url).toBe(theirs.url);
    expect(ours.method).toBe(theirs.method);
    expect([...ours.headers.entries()]).toEqual([...theirs.headers.entries()]);
    expect(ours.headers.get("x-SESSION")).toBe("s-1");
    expect(ours.bodyUsed).toBe(false);
    expect(made).toBe(0);
  });

  test.each(["text", "json", "arrayBuffer", "blob"] as const)("%s() is the web's, once", async (read) => {
    const ours = deferred();
    const [found, expected] = [await ours[read](), await native()[read]()];
    if (read === "blob") expect(await (found as Blob).text()).toBe(await (expected as Blob).text());
    else expect(found).toEqual(expected);
    expect(ours.bodyUsed).toBe(true);
    await expect(ours.text()).rejects.toThrow(TypeError);
  });

  test("a form is the web's", async () => {
    const form = () => ({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "name=Tent&name=Stove",
    });
    const found = await new DeferredRequest("http://shop.example/", form()).formData();
    expect(found.getAll("name")).toEqual(["Tent", "Stove"]);
  });

  test("its body is the web's stream, and one request serves all that is asked of it", async () => {
    const ours = deferred();
    const pieces: Uint8Array[] = [];
    for await (const piece of ours.body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(BODY);
    expect(ours.bodyUsed).toBe(true);
    expect(made).toBe(1);
  });

  test("a clone can be read beside it, and has headers that were set meanwhile", async () => {
    const ours = deferred();
    ours.headers.set("x-added", "1");
    const copy = ours.clone();
    expect(copy.headers.get("x-added")).toBe("1");
    expect([await copy.text(), await ours.text()]).toEqual([BODY, BODY]);
  });

  test("its headers are the same ones before and after it is read", async () => {
    const ours = deferred();
    const { headers } = ours;
    await ours.text();
    headers.set("x-later", "1");
    expect(ours.headers.get("x-later")).toBe("1");
  });

  test("a clone of a clone can be read, and so can both others", async () => {
    const ours = deferred();
    const copy = ours.clone();
    expect(await Promise.all([copy.clone().text(), copy.text(), ours.text()])).toEqual([BODY, BODY, BODY]);
  });

  test("one without a body has none", async () => {
    const ours = new DeferredRequest("http://shop.example/", { method: "GET" });
    expect(ours.body).toBeNull();
    expect(await ours.text()).toBe("");
  });

  test("a body that breaks off rejects what reads it", async () => {
    const body = new Readable({ read: () => body.destroy(new Error("Broken off.")) });
    const given = { ...init(), body: body as unknown as NonNullable<RequestInit["body"]> };
    await expect(new DeferredRequest(URL_GIVEN, given).text()).rejects.toThrow("Broken off.");
  });

  test("an address that is none is refused at once", () => {
    expect(() => new DeferredRequest("http://", init())).toThrow(TypeError);
  });
});
