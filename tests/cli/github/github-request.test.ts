import { beforeEach, describe, expect, test } from "vitest";
import { filesBetween, MARKER, writeComment } from "../../../cli/github/github-api.ts";
import { createGitHubRequest, type GitHubRequest } from "../../../cli/github/github-request.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import { BOT, FORBIDDEN, type GitHubServer, startGitHub, TOKEN } from "./github-server.ts";

const NOW = "2026-11-26T12:00:00.000Z";
let github: GitHubServer;
let request: GitHubRequest;
let slept: number[];

beforeEach(async () => {
  github = await startGitHub();
  slept = [];
  const clock: Clock = {
    now: () => new Date(NOW),
    elapsed: () => 0,
    sleep: async (ms) => void slept.push(ms),
  };
  const settings = { apiUrl: github.url, repository: "ada/shop", token: TOKEN };
  request = createGitHubRequest(settings, new AbortController().signal, clock);
});

const write = (text = "new", create = true): Promise<void> =>
  writeComment(request, 12, `${MARKER}${text}`, { create });
const others = (count: number): void => {
  for (let id = 1; id <= count; id += 1) {
    github.comments.push({ id, body: "Looks good.", user: { login: "grace", type: "User" } });
  }
};
/** The first `times` calls are answered so. */
const first = (
  times: number,
  answer: { status: number; headers?: Record<string, string>; after?: boolean },
): void => {
  let left = times;
  github.interfere = () => (left-- > 0 ? answer : undefined);
};

describe("the pull request's one comment", () => {
  test("is made after a hundred others, and found again behind them", async () => {
    others(130);
    await write("one");
    expect(github.comments).toHaveLength(131);
    others(120);
    await write("two");
    const own = github.comments.filter(({ user }) => user === BOT);
    expect(own.map(({ body }) => body)).toEqual([`${MARKER}two`]);
  });

  test("is not one that a person began with the marker", async () => {
    github.comments.push({ id: 1, body: `${MARKER}mine`, user: { login: "mallory", type: "User" } });
    await write();
    expect(github.comments.map(({ body }) => body)).toEqual([`${MARKER}mine`, `${MARKER}new`]);
  });

  test("is not made where there is nothing to say", async () => {
    await write("nothing", false);
    expect(github.comments).toEqual([]);
  });

  test("is one also where the answer to its making was lost", async () => {
    let left = 1;
    github.interfere = (method) =>
      method === "POST" && left-- > 0 ? { status: 502, after: true } : undefined;
    await write();
    expect(github.comments).toHaveLength(1);
  });

  test("names the permission that is missing", async () => {
    github.interfere = (method) => (method === "POST" ? FORBIDDEN : undefined);
    await expect(write()).rejects.toThrow(
      "GitHub does not let the workflow comment on the pull request (Resource not accessible by integration). " +
        "Add `pull-requests: write` to the job's permissions (GitHub accepts issues=write; pull_requests=write).",
    );
    expect(slept).toEqual([]);
  });
});

describe("a rate limit", () => {
  test("is waited out as long as GitHub says", async () => {
    first(1, { status: 403, headers: { "retry-after": "7" } });
    await write();
    expect([slept, github.comments.length]).toEqual([[7000], 1]);
  });

  test("that ends with the hour is waited out where that is soon", async () => {
    const reset = String(Date.parse(NOW) / 1000 + 90);
    first(1, { status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } });
    await write();
    expect(slept).toEqual([90_000]);
  });

  test("of half an hour is an error that says until when", async () => {
    const reset = String(Date.parse(NOW) / 1000 + 1800);
    first(9, { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } });
    await expect(write()).rejects.toThrow("rate limit is used up until 2026-11-26T12:30Z");
    expect(slept).toEqual([]);
  });
});

test("a server that fails is asked again, four times at most", async () => {
  first(3, { status: 503 });
  await write();
  expect(slept).toEqual([2000, 4000, 8000]);
  first(9, { status: 503 });
  await expect(filesBetween(request, "a", "b")).rejects.toThrow("GitHub answers 503: could not compare");
});

test("a wrong token is named, and none at all too", async () => {
  const settings = { apiUrl: github.url, repository: "ada/shop", token: "wrong" };
  const refused = createGitHubRequest(settings, new AbortController().signal);
  await expect(writeComment(refused, 12, MARKER, { create: true })).rejects.toThrow(
    "GitHub refuses the token (Bad credentials)",
  );
  expect(() => createGitHubRequest({ ...settings, token: undefined }, new AbortController().signal)).toThrow(
    "GITHUB_TOKEN: ${{ github.token }}",
  );
});

test("a comparison that is cut, or whose commits are gone, says nothing of what changed", async () => {
  github.files = Array.from({ length: 300 }, (_, index) => `docs/${index}.md`);
  expect(await filesBetween(request, "a", "b")).toBeUndefined();
  github.interfere = () => ({ status: 404 });
  expect(await filesBetween(request, "gone", "b")).toBeUndefined();
});
