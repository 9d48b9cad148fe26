import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import * as z from "zod";
import { SettingsError } from "../../shared/errors.ts";

const keysSchema = z.object({
  /** Opens everything. */
  master: z.string().min(20),
  /** Opens functions of auth level `function`. */
  default: z.string().min(20),
  /** Opens the Event Grid webhook. */
  eventGrid: z.string().min(20),
});
export type HostKeys = z.infer<typeof keysSchema>;

/** The host's keys, made at random the first time and kept in `keys.json`, which only its owner may read. */
export async function readHostKeys(dataFolder: string): Promise<HostKeys> {
  await mkdir(dataFolder, { recursive: true });
  const path = join(dataFolder, "keys.json");
  const fresh: HostKeys = { master: randomKey(), default: randomKey(), eventGrid: randomKey() };
  try {
    await writeFile(path, `${JSON.stringify(fresh, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  try {
    return keysSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new SettingsError(`${path} does not hold the host's keys. Delete it: new ones are made.`, {
      cause,
    });
  }
}

/** Whether a request carries one of the keys, in the header `x-functions-key` or, without it, as `?code=`. */
export function carriesKey(request: IncomingMessage, url: URL, accepted: string[]): boolean {
  const header = request.headers["x-functions-key"];
  const given = typeof header === "string" ? header : url.searchParams.get("code");
  return given !== null && accepted.some((key) => timingSafeEqual(digest(given), digest(key)));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function randomKey(): string {
  return randomBytes(32).toString("base64url");
}
