import type { Diagnostic } from "../../shared/model/flow.ts";

/** What is wrong with a flow's files: where, what, and what to do about it. */
export function Diagnostics({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  return (
    <ul class="diagnostics">
      {diagnostics.map(({ severity, file, line, column, message, remedy }, index) => (
        <li key={index} class={severity}>
          <code class="place">
            {file}:{line}:{column}
          </code>{" "}
          <strong class={severity === "error" ? "fail" : "open"}>{severity}</strong>
          <p>{message}</p>
          {remedy !== undefined && <p class="quiet">{remedy}</p>}
        </li>
      ))}
    </ul>
  );
}
