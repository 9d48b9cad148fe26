import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Comment {
  id: number;
  body: string;
  user: { login: string; type: string };
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
}

/** A server with GitHub's REST answers for one repository, as far as a workflow asks for them. */
export interface GitHubServer {
  url: string;
  comments: Comment[];
  checks: Record<string, unknown>[];
  /** What a comparison lists. */
  files: string[];
  /** The branch's commits, newest first. */
  commits: string[];
  requests: string[];
  /** Answers in place of the usual, by `METHOD /path` without the query; `after`: once the call is done all the same. */
  interfere: (method: string, path: string) => (Answer & { after?: boolean }) | undefined;
}

const ROOT = "/repos/ada/shop";
const PAGE = 100;
export const TOKEN = "ghs_of_the_workflow";
export const BOT = { login: "github-actions[bot]", type: "Bot" };

/** GitHub's words for a token without the permission. */
export const FORBIDDEN: Answer = {
  status: 403,
  headers: { "x-accepted-github-permissions": "issues=write; pull_requests=write" },
  body: {
    message: "Resource not accessible by integration",
    documentation_url: "https://docs.github.com/rest",
    status: "403",
  },
};

export async function startGitHub(): Promise<GitHubServer> {
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: GitHubServer = {
    url,
    comments: [],
    checks: [],
    files: [],
    commits: [],
    requests: [],
    interfere: () => undefined,
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", headers } = incoming;
    const { pathname, searchParams } = new URL(incoming.url ?? "/", url);
    github.requests.push(`${method} ${pathname}`);
    const body = method === "GET" ? {} : ((await json(incoming)) as Record<string, unknown>);
    const other = github.interfere(method, pathname);
    const allowed = headers.authorization === `Bearer ${TOKEN}`;
    const usual =
      allowed && (!other || other.after) ? usually(method, pathname, searchParams, body) : undefined;
    const said = other ?? usual ?? { status: 401, body: { message: "Bad credentials", status: "401" } };
    response.writeHead(said.status, { "content-type": "application/json; charset=utf-8", ...said.headers });
    response.end(JSON.stringify(said.body ?? {}));
  }

  function usually(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
  ): Answer {
    if (path.startsWith(`${ROOT}/compare/`)) {
      return { status: 200, body: { files: github.files.map((filename) => ({ filename })) } };
    }
    if (path === `${ROOT}/commits`) {
      const from = github.commits.indexOf(query.get("sha") ?? "");
      const size = Number(query.get("per_page") ?? 30);
      return from < 0
        ? { status: 404, body: { message: "Not Found", status: "404" } }
        : { status: 200, body: github.commits.slice(from, from + size).map((sha) => ({ sha })) };
    }
    const checked = /\/commits\/(\w+)\/check-runs$/.exec(path)?.[1];
    if (checked !== undefined) {
      const runs = github.checks.filter(
        ({ head_sha: sha, name }) => sha === checked && name === query.get("check_name"),
      );
      return { status: 200, body: { total_count: runs.length, check_runs: runs } };
    }
    if (method === "GET" && path === `${ROOT}/issues/12/comments`) {
      const size = Number(query.get("per_page") ?? 30);
      const page = Number(query.get("page") ?? 1);
      const shown = github.comments.slice((page - 1) * size, page * size);
      const last = Math.ceil(github.comments.length / size);
      const next = `<${url}${path}?per_page=${PAGE}&page=${page + 1}>; rel="next", <${url}${path}?page=${last}>; rel="last"`;
      return { status: 200, headers: page < last ? { link: next } : {}, body: shown };
    }
    if (method === "POST" && path === `${ROOT}/issues/12/comments`) {
      const made = { id: 1000 + github.comments.length, body: String(body["body"]), user: BOT };
      github.comments.push(made);
      return { status: 201, body: made };
    }
    const own = github.comments.find(({ id }) => path === `${ROOT}/issues/comments/${id}`);
    if (method === "PATCH" && own) {
      own.body = String(body["body"]);
      return { status: 200, body: own };
    }
    if (method === "POST" && path === `${ROOT}/check-runs`) {
      github.checks.push(body);
      return { status: 201, body: { id: 1 } };
    }
    return { status: 404, body: { message: "Not Found", status: "404" } };
  }

  return github;
}
