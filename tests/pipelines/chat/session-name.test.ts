import { expect, test } from "vitest";
import { encodedSession, sessionName } from "../../../pipelines/chat/session-name.ts";

test.each(["ada", "h\u00e9", "50%", "a%20b", "\ud83d\ude00 ok", "two\nlines", "%", "%25"])(
  "a session named %j in the body is the same by the header that its answer had",
  (name) => {
    const session = sessionName(null, name, "user") ?? "";
    const header = encodedSession(session);
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(sessionName(header, "another", "user")).toBe(session);
  },
);

test("one that the header names is the same when the answer's header is sent back", () => {
  for (const name of ["ada", "h%C3%A9", "100%", "%zz"]) {
    const session = sessionName(name, undefined, "user") ?? "";
    expect(sessionName(encodedSession(session), undefined, "user")).toBe(session);
  }
});

test("none is named by nothing, nor by spaces", () => {
  expect(sessionName(" ", "  ", "user")).toBeUndefined();
  expect(sessionName(null, undefined, "user")).toBeUndefined();
});
