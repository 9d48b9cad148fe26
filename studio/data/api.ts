import type { ErrorBody } from "../../shared/model/status.ts";
import { ApiError } from "./api-error.ts";
import { accessKey, keyWanted } from "./access-key.ts";

const TIMEOUT_MS = 30_000;

/** What `GET` answers at a path such as `/api/flows`, as text. Throws `ApiError`. */
export async function getText(path: string): Promise<string> {
  const response = await send(path, {});
  return response.text();
}

export async function getJson<T>(path: string): Promise<T> {
  return JSON.parse(await getText(path)) as T;
}

/** Throws `ApiError`; 409 carries the release as it is now. */
export async function postJson<T>(path: string, body: object): Promise<T> {
  const response = await send(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** The path of a flow's resource, each part of it escaped. */
export function flowApi(flow: string, ...segments: string[]): string {
  return ["/api/flows", ...[flow, ...segments].map(encodeURIComponent)].join("/");
}

/** A request with the key of whoever signed in. Throws `ApiError` for what is no success. */
async function send(path: string, init: RequestInit): Promise<Response> {
  const key = accessKey();
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new ApiError(0, error instanceof Error ? error.message : "Nothing answers.");
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  const message = body?.error?.message ?? `Flowgate answers ${response.status}.`;
  if (response.status === 401) keyWanted.set(message);
  throw new ApiError(response.status, message, body?.release);
}
