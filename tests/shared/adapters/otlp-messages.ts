/** How a field of a message is read: its name, and what it holds. */
type Field = [
  name: string,
  type: "string" | "bytes" | "fixed64" | "double" | "varint" | Message,
  repeated?: "many",
];
/** The fields of a message by their numbers, as far as the tests look at them. */
type Message = { [number: number]: Field };

// From the .proto files of OTLP 1.x.
const VALUE: Message = {
  1: ["stringValue", "string"],
  2: ["boolValue", "varint"],
  3: ["intValue", "varint"],
  4: ["doubleValue", "double"],
};
const KEY_VALUE: Message = { 1: ["key", "string"], 2: ["value", VALUE] };
const attributes: Field = ["attributes", KEY_VALUE, "many"];
const RESOURCE: Message = { 1: attributes };
const SCOPE: Message = { 1: ["name", "string"] };
const SPAN: Message = {
  1: ["traceId", "bytes"],
  2: ["spanId", "bytes"],
  4: ["parentSpanId", "bytes"],
  5: ["name", "string"],
  7: ["startTimeUnixNano", "fixed64"],
  8: ["endTimeUnixNano", "fixed64"],
  9: attributes,
};
const HISTOGRAM_POINT: Message = { 4: ["count", "fixed64"], 5: ["sum", "double"], 9: attributes };
const METRIC: Message = {
  1: ["name", "string"],
  3: ["unit", "string"],
  9: ["histogram", { 1: ["dataPoints", HISTOGRAM_POINT, "many"] }],
};
const LOG_RECORD: Message = { 1: ["timeUnixNano", "fixed64"], 5: ["body", VALUE], 6: attributes };

const requestOf = (name: string, scopeName: string, itemName: string, item: Message): Message => ({
  1: [
    `resource${name}`,
    {
      1: ["resource", RESOURCE],
      2: [scopeName, { 1: ["scope", SCOPE], 2: [itemName, item, "many"] }, "many"],
    },
    "many",
  ],
});
const REQUESTS: Record<string, Message> = {
  traces: requestOf("Spans", "scopeSpans", "spans", SPAN),
  metrics: requestOf("Metrics", "scopeMetrics", "metrics", METRIC),
  logs: requestOf("Logs", "scopeLogs", "logRecords", LOG_RECORD),
};

/** A signal's request in protobuf, as OTLP's JSON has it; throws where the bytes are no such message. */
export function readOtlpMessage(signal: string, bytes: Buffer): Record<string, unknown> {
  const message = REQUESTS[signal];
  if (!message) throw new Error(`OTLP has no signal "${signal}".`);
  return readMessage(message, bytes);
}

/** See protobuf.dev/programming-guides/encoding: a varint of number and wire type, then what the type says. */
function readMessage(message: Message, bytes: Buffer): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError("The message ends in the middle of a field.");
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = message[Number(tag >> 3n)];
    let held: unknown;
    switch (Number(tag & 7n)) {
      case 0:
        held = String(varint());
        break;
      case 1: {
        const eight = take(8);
        held = field?.[1] === "double" ? eight.readDoubleLE() : String(eight.readBigUInt64LE());
        break;
      }
      case 2: {
        const part = take(Number(varint()));
        if (field) held = typeof field[1] === "object" ? readMessage(field[1], part) : textOf(field[1], part);
        break;
      }
      case 5:
        take(4);
        break;
      default:
        throw new Error(`Protobuf has no wire type ${tag & 7n}.`);
    }
    if (!field || held === undefined) continue;
    const [name, , repeated] = field;
    if (repeated) read[name] = [...((read[name] as unknown[] | undefined) ?? []), held];
    else read[name] = held;
  }
  return read;
}

function textOf(type: string, bytes: Buffer): string {
  return bytes.toString(type === "bytes" ? "hex" : "utf8");
}
