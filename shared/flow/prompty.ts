import type { TemplateFormat } from "./compile-template.ts";
import type { DeclaredParts } from "./wrong-part.ts";
import type { Unread } from "./unread.ts";

/** A `.prompty` file, of either dialect, as a flow uses it. */
export interface Prompty {
  path: string;
  name: string;
  description: string | undefined;
  /** Undefined: the model of the settings. */
  model: string | undefined;
  /** As OpenAI's chat completions name them: temperature, max_tokens, tools, response_format, ... */
  parameters: Record<string, unknown>;
  inputs: PromptyInput[];
  /** Values to try the prompt with, by input. Used only by who asks for them. */
  sample: Record<string, unknown>;
  template: string;
  /** The line of the file, from 1, on which the template starts. */
  templateLine: number;
  format: TemplateFormat;
  /** Whether a value that looks as if it opened a message is refused, of every input that does not say otherwise. */
  strict: boolean;
  /** Whether an image in Markdown that the template itself holds is sent as one, as the first dialect does. */
  writtenImages: boolean;
  /** The image files it can show, by path from the prompt's folder. */
  images: ReadonlyMap<string, Uint8Array>;
  /** The files of the flow that `${file:...}` or an image brought in. */
  references: string[];
}

export interface PromptyInput {
  name: string;
  /** string, integer, float, boolean, array, object, thread, image, file or audio; v1's names are kept as they are. */
  type: string;
  default?: unknown;
  required: boolean;
  /** Whether nothing may be given, as null, although it is required. */
  nullable?: true;
  /** Whether the type was guessed from a default or a sample, because none is written. */
  guessed?: true;
  /** The only values it takes; undefined: any. */
  enumValues?: unknown[];
  /** What is declared of what it holds, where that is a list or an object. */
  parts?: DeclaredParts;
  /** Undefined: as the prompt has it. */
  strict?: boolean;
  line: number;
  column: number;
}

/** A prompt as far as it could be read, so that what uses it can be checked despite its errors. */
export interface PromptyDraft {
  prompt: Prompty;
  /** Whether its template can be compiled. What is wrong with it may have been taken out of it. */
  hasTemplate: boolean;
  /** What could not be read of it. */
  unread: Unread;
}
