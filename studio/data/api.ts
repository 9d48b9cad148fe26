import type { ErrorBody } from "../../shared/model/status.ts";
import { ApiError } from "./api-error.ts";
import { accessKey, keyWanted } from "./access-key.ts";
import { parsePlainJson } from "./plain-json.ts";

const TIMEOUT_MS = 30_000;

/** What `GET` answers at a path such as `/api/flows`, as text. Throws `ApiError`. */
export async function getText(path: string): Promise<string> {
  const response = await send(path, {});
  return response.text();
}

/** The answer with its texts fit to be shown. Throws `ApiError`. */
export async function getJson<T>(path: string): Promise<T> {
  return parsePlainJson(await getText(path)) as T;
}

/** Throws `ApiError`; 409 carries the release as it is now. */
export async function postJson<T>(path: string, body: object): Promise<T> {
  const response = await send(path, withBody("POST", body));
  return (await response.json()) as T;
}

export async function putJson<T>(path: string, body: object): Promise<T> {
  const response = await send(path, withBody("PUT", body));
  return (await response.json()) as T;
}

/** Hands on each line of the answer as it comes, for as long as they do. Throws `ApiError`. */
export async function postLines(
  path: string,
  body: object,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const response = await send(path, withBody("POST", body), signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const lines = (rest + read.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  }
}

function withBody(method: string, body: object): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** The path of a flow's resource, each part of it escaped. */
export function flowApi(flow: string, ...segments: string[]): string {
  return ["/api/flows", ...[flow, ...segments].map(encodeURIComponent)].join("/");
}

/** A request with the key of whoever signed in. Throws `ApiError` for what is no success. */
async function send(
  path: string,
  init: RequestInit,
  signal = AbortSignal.timeout(TIMEOUT_MS),
): Promise<Response> {
  const key = accessKey();
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, signal });
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new ApiError(0, isLate ? `Nothing answered in ${TIMEOUT_MS / 1000} seconds.` : "Nothing answers.");
  }
  if (response.ok) return response;
  // Somebody signed in while this was on its way without their key.
  if (response.status === 401 && accessKey() !== key) return send(path, init, signal);
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  const message = body?.error?.message ?? `Flowgate answers ${response.status}.`;
  if (response.status === 401) keyWanted.set(message);
  throw new ApiError(response.status, message, body?.release);
}
