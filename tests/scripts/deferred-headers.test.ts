import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeferredHeaders } from "../../scripts/deployed/deferred-headers.ts";

const GIVEN = { Host: "shop.example", "X-Session": "  s-1\t", "x-session": "s-2", cookie: "a=1", Accept: "" };

describe("headers that are read where they stand", () => {
  test("say by name what the web's own say", () => {
    const [ours, theirs] = [new DeferredHeaders(GIVEN), new Headers(GIVEN)];
    for (const name of ["host", "HOST", "x-session", "X-Session", "cookie", "accept", "x-none"]) {
      expect([name, ours.get(name)]).toEqual([name, theirs.get(name)]);
    }
  });

  test("say of a list what the web's own say", () => {
    const given = { "set-cookie": ["a=1", "b=2"] } as unknown as Record<string, string>;
    expect(new DeferredHeaders(given).get("set-cookie")).toBe(new Headers(given).get("set-cookie"));
  });

  test("are the web's own in any letters of a name and any value that a header has", () => {
    const name = fc.stringMatching(/^[a-cA-C-]{1,3}$/);
    const value = fc.string({ unit: fc.constantFrom(" ", "\t", "a", ",", ";", "\xa0", "é", "\x7f") });
    fc.assert(
      fc.property(fc.dictionary(name, value), name, (given, asked) => {
        expect(new DeferredHeaders(given).get(asked)).toBe(new Headers(given).get(asked));
      }),
    );
  });

  test("are the web's own for all else, before and after they are changed", () => {
    const [ours, theirs] = [new DeferredHeaders(GIVEN), new Headers(GIVEN)];
    expect([...ours]).toEqual([...theirs]);
    for (const headers of [ours, theirs]) {
      headers.set("host", "other.example");
      headers.append("accept", "text/plain");
      headers.append("set-cookie", "b=2");
      headers.delete("cookie");
    }
    expect(ours.get("host")).toBe("other.example");
    expect(ours.get("cookie")).toBeNull();
    expect([ours.has("accept"), ours.has("cookie")]).toEqual([true, false]);
    expect(ours.getSetCookie()).toEqual(theirs.getSetCookie());
    expect([...ours.entries()]).toEqual([...theirs.entries()]);
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    expect([...ours.values()]).toEqual([...theirs.values()]);
    const seen: string[] = [];
    ours.forEach((value, name, headers) => seen.push(`${name}: ${value} ${headers === ours}`));
    expect(seen).toEqual([...theirs].map(([name, value]) => `${name}: ${value} true`));
  });

  test("can be given to whatever takes headers", async () => {
    expect([...new Headers(new DeferredHeaders(GIVEN))]).toEqual([...new Headers(GIVEN)]);
    const request = new Request("http://shop.example/", { headers: new DeferredHeaders(GIVEN) });
    expect(request.headers.get("host")).toBe("shop.example");
  });
});
