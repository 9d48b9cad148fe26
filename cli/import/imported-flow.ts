import type { Place } from "../../shared/flow/diagnostics.ts";

/** What an import makes of a folder, before its dataset and gate are known. */
export interface ImportedFlow {
  /** The prompt that answers. */
  prompt: string;
  steps: ImportedStep[];
  /** Other prompts for the same flow, by name. */
  variants: Record<string, string>;
  /** All files but `flow.yaml` and the datasets. */
  files: Map<string, string | Uint8Array>;
  inputs: ImportedInput[];
  carried: Carried[];
}

/** An input of the flow: what it was called, and what it is called now. */
export interface ImportedInput {
  from: string;
  to: string;
  isHistory: boolean;
  isImage: boolean;
  /** As the new prompt declares it; undefined: not at all. */
  type: string | undefined;
  /** What it holds in the dataset that is made up where there is none. */
  example: unknown;
  hasDefault: boolean;
}

export type ImportedStep = { name: string; when?: string } & (
  | { prompt: string }
  | { unsupported: string; does: string; instead: string }
);

/** One thing that was carried over. */
export interface Carried {
  what: string;
  file: string;
  place: Place;
  to: string;
}
