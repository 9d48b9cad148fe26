import type { LogLevel } from "../app/protocol.ts";

/** One line of the host's log. Lines of a function's own code have the category `Function.<name>.User`. */
export interface HostLogLine {
  level: LogLevel;
  category: string;
  message: string;
}

export type HostLog = (line: HostLogLine) => void;
