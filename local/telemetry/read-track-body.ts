import { gunzipSync, inflateSync } from "node:zlib";
import { messageOf } from "../../shared/errors.ts";
import { type Envelope, envelopeSchema } from "./telemetry-row.ts";

export interface TrackError {
  /** Of the item within the body, from 0. */
  index: number;
  statusCode: number;
  message: string;
}

export interface TrackBody {
  received: number;
  accepted: { envelope: Envelope; line: string }[];
  errors: TrackError[];
}

/** A small body must not unpack to more than this. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/**
 * Reads what a client posted: a JSON array, one JSON object, or one JSON object a line, packed or not. Items that do
 * not parse are named in `errors`. Throws where the whole body cannot be unpacked.
 */
export function readTrackBody(body: Buffer, contentEncoding: string | undefined): TrackBody {
  const items = itemsOf(unpack(body, contentEncoding).toString("utf8").trim());
  const read: TrackBody = { received: items.length, accepted: [], errors: [] };
  for (const [index, item] of items.entries()) {
    const parsed = parseItem(item);
    if (typeof parsed === "string") read.errors.push({ index, statusCode: 400, message: parsed });
    else read.accepted.push(parsed);
  }
  return read;
}

function unpack(body: Buffer, contentEncoding: string | undefined): Buffer {
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  if (contentEncoding === "gzip") return gunzipSync(body, options);
  if (contentEncoding === "deflate") return inflateSync(body, options);
  return body;
}

/** Parsed items, or lines still to be parsed. */
function itemsOf(text: string): unknown[] {
  if (text === "") return [];
  if (!text.startsWith("[")) return text.split(/\r?\n/).filter((line) => line.trim() !== "");
  try {
    const array: unknown = JSON.parse(text);
    return Array.isArray(array) ? array : [array];
  } catch {
    return [text];
  }
}

function parseItem(item: unknown): { envelope: Envelope; line: string } | string {
  let value = item;
  if (typeof item === "string") {
    try {
      value = JSON.parse(item);
    } catch (error) {
      return `no JSON: ${messageOf(error)}`;
    }
  }
  const parsed = envelopeSchema.safeParse(value);
  if (parsed.success) return { envelope: parsed.data, line: JSON.stringify(value) };
  return parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ");
}
