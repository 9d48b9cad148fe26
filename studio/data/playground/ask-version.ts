import type { TriedTurnEvent } from "../../../shared/model/tried-turn.ts";
import { flowApi, postLines } from "../api.ts";

export interface Said {
  role: "user" | "assistant";
  content: string;
}

/** Asks a version, and hands on what comes of it until the answer is whole. Throws `ApiError`. */
export async function askVersion(
  { flow, version, messages, inputs }: AskedVersion,
  signal: AbortSignal,
  onEvent: (event: TriedTurnEvent) => void,
): Promise<void> {
  const path = flowApi(flow, "versions", version, "try");
  await postLines(path, { messages, context: inputs }, signal, (line) =>
    onEvent(JSON.parse(line) as TriedTurnEvent),
  );
}

export interface AskedVersion {
  flow: string;
  version: string;
  /** The question last. */
  messages: readonly Said[];
  inputs: Readonly<Record<string, string>>;
}
