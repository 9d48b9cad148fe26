import type { Output } from "../cli/output.ts";
import type { HostLog } from "./host/host-log.ts";

/** Prints what a person should see of the host's log: everything, or warnings and errors. */
export function createHostLogger(output: Output, verbose: boolean): HostLog {
  return ({ level, category, message }) => {
    const grave = level === "error" || level === "critical";
    if (!verbose && !grave && level !== "warning") return;
    const colour = grave ? "red" : level === "warning" ? "yellow" : "dim";
    output.note(`${output.paintNote(colour, level)} ${output.paintNote("dim", category)} ${message}`);
  };
}
