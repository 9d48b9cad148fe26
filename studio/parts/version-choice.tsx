import { setQuery } from "../data/location.ts";
import type { KnownVersion } from "../data/known-versions.ts";

/** Which two versions are compared. The address says it too. */
export function VersionChoice({
  versions,
  before,
  after,
}: {
  versions: readonly KnownVersion[];
  before: string;
  after: string;
}) {
  return (
    <div class="version-choice">
      <Choice name="before" label="Before" chosen={before} versions={versions} />
      <button
        type="button"
        class="plain swap"
        aria-label="Swap before and after"
        title="Swap before and after"
        onClick={() => setQuery({ before: after, after: before })}
      >
        ⇄
      </button>
      <Choice name="after" label="After" chosen={after} versions={versions} />
    </div>
  );
}

function Choice({
  name,
  label,
  chosen,
  versions,
}: {
  name: "before" | "after";
  label: string;
  chosen: string;
  versions: readonly KnownVersion[];
}) {
  const isKnown = versions.some(({ version }) => version === chosen);
  return (
    <div class="field">
      <label for={`version-${name}`}>{label}</label>
      <select
        id={`version-${name}`}
        value={chosen}
        onChange={({ currentTarget: { value } }) => setQuery({ [name]: value })}
      >
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
