import { studioPath } from "../data/location.ts";

/** A version's id, leading to the run that judged it where that is known. */
export function VersionLink({
  flow,
  version,
  run,
}: {
  flow: string;
  version: string;
  run?: string | undefined;
}) {
  if (run === undefined) return <code class="version">{version}</code>;
  return (
    <a href={studioPath(["flows", flow, "runs", run])}>
      <code class="version">{version}</code>
    </a>
  );
}
