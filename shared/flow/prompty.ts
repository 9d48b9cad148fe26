import type { TemplateFormat } from "./compile-template.ts";

/** A `.prompty` file, of either dialect, as a flow uses it. */
export interface Prompty {
  path: string;
  name: string;
  description: string | undefined;
  /** Undefined: the model of the settings. */
  model: string | undefined;
  /** As OpenAI's chat completions name them: temperature, max_tokens, ... */
  parameters: Record<string, unknown>;
  inputs: PromptyInput[];
  template: string;
  /** The line of the file, from 1, on which the template starts. */
  templateLine: number;
  format: TemplateFormat;
  /** The files of the flow that `${file:...}` brought in. */
  references: string[];
}

interface PromptyInput {
  name: string;
  /** string, integer, float, boolean, array, object, thread, image, file or audio; v1's names are kept as they are. */
  type: string;
  default?: unknown;
  required: boolean;
  line: number;
}
