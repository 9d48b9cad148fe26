import { nearestName } from "../shared/flow/nearest-name.ts";
import type { ManagementApi } from "./management-api.ts";

/**
 * A line about each input that the version which answered does not take: a client may send whatever it likes, and who
 * types has misspelt it. Nothing where the platform does not tell, as to a key that may only chat.
 */
export async function unknownInputWords(
  api: ManagementApi,
  answeredBy: string | undefined,
  names: readonly string[],
): Promise<string[]> {
  const [flow, version] = answeredBy?.split("@") ?? [];
  if (names.length === 0 || !flow || !version) return [];
  const taken = await api.inputs(flow, version).catch(() => undefined);
  if (taken === undefined) return [];
  const known = taken.inputs.map(({ name }) => name);
  const all = new Set([taken.question, ...taken.histories, ...known]);
  return names
    .filter((name) => !all.has(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const others =
        known.length === 0 ? "It takes none beside the question." : `It takes ${known.join(", ")}.`;
      return `${flow} takes no input ${name}. ${nearest === undefined ? others : `Did you mean ${nearest}?`}`;
    });
}
