import type { Paint } from "../cli/output.ts";
import type { Settings } from "../shared/settings.ts";
import type { Platform } from "./platform.ts";

/** A line for each part with its address, and whether it is embedded or the user's own. */
export function describePlatform(
  { addresses, storage, model, sink, topic }: Platform,
  settings: Settings,
  tookMs: number,
  paint: Paint,
): string {
  const blobs = storage?.blobEndpoint ?? /BlobEndpoint=([^;]+)/.exec(addresses.storage)?.[1] ?? "Azure";
  const parts: [name: string, address: string, remark: string][] = [
    [
      "functions",
      addresses.host,
      `${addresses.appPids.length} app process${addresses.appPids.length === 1 ? "" : "es"}`,
    ],
    ["studio", `${addresses.host}/studio`, "what is decided, as it is decided: open it in a browser"],
    ["storage", blobs, storage ? "embedded" : "yours, by AzureWebJobsStorage"],
    ["model", addresses.model, model ? "offline stand-in, not a language model" : settings.model.chat],
    ["telemetry", addresses.telemetry, sink ? "embedded" : "yours"],
    ["topic", addresses.topic, topic ? "embedded" : "yours"],
  ];
  const lines = parts.map(
    ([name, address, remark]) => `  ${name.padEnd(10)} ${address.padEnd(46)} ${paint("dim", remark)}`,
  );
  const ready = paint(
    "dim",
    `  ready in ${(tookMs / 1000).toFixed(1)} s; every address is in ${settings.dataFolder}/local.json`,
  );
  return [...lines, ready].join("\n");
}
