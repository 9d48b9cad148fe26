import { createHash } from "node:crypto";
import type { AccessSettings } from "../shared/settings.ts";

/**
 * What the app is told of who may call it. On this machine alone everybody may, unless the user has set keys, Entra
 * tokens or FLOWGATE_AUTH; then the platform's own key, which stands in `local.json`, opens the app beside theirs.
 */
export function accessEnvironment(
  { open, keys, entra }: AccessSettings,
  ownKey: string,
): Record<string, string> {
  const isSet = open !== undefined || entra !== undefined || Object.keys(keys).length > 0;
  if (!isSet) return { FLOWGATE_AUTH: "open" };
  const sha256 = createHash("sha256").update(ownKey).digest("hex");
  return { FLOWGATE_KEYS: JSON.stringify({ ...keys, "local.json": { role: "operator", sha256 } }) };
}
