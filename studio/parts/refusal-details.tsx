import type { Diagnostic } from "../../shared/model/flow.ts";
import { Diagnostics } from "./diagnostics.tsx";

/** Why files were refused: the first reason, which opens to all of them with what to do about each. */
export function RefusalDetails({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  return (
    <details>
      <summary>{findingsWords(diagnostics)}</summary>
      <Diagnostics diagnostics={diagnostics} />
    </details>
  );
}

/** `flow.yaml:29: The gate asks for … and 2 more`. */
function findingsWords([first, ...more]: readonly Diagnostic[]): string {
  if (!first) return "no reason was recorded";
  return `${first.file}:${first.line}: ${first.message}${more.length > 0 ? ` And ${more.length} more.` : ""}`;
}
