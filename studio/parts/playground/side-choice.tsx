import type { KnownVersion } from "../../data/known-versions.ts";
import { setQuery } from "../../data/location.ts";

/** Which version one talks to, and which beside it. The address says it too. */
export function SideChoice({
  side,
  label,
  chosen,
  versions,
  mayBeNone,
}: {
  side: "left" | "right";
  label: string;
  chosen: string | undefined;
  versions: readonly KnownVersion[];
  mayBeNone: boolean;
}) {
  const isKnown = chosen === undefined || versions.some(({ version }) => version === chosen);
  return (
    <div class="field">
      <label for={`side-${side}`}>{label}</label>
      <select
        id={`side-${side}`}
        value={chosen ?? ""}
        onChange={({ currentTarget: { value } }) => setQuery({ [side]: value })}
      >
        {mayBeNone && <option value="">none</option>}
        {!isKnown && <option value={chosen}>{chosen}</option>}
        {versions.map(({ version, words }) => (
          <option key={version} value={version}>
            {version} · {words}
          </option>
        ))}
      </select>
    </div>
  );
}
