/**
 * A template that cannot be read or rendered. `offset` counts UTF-16 units from the template's start, so that the
 * caller can name the line and column in the file the template came from.
 */
export class TemplateError extends Error {
  override readonly name: string = "TemplateError";
  readonly offset: number | undefined;
  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }

  /** The same error with a place, where it has none yet. */
  placed(offset: number): TemplateError {
    return this.offset === undefined ? new TemplateError(this.message, offset) : this;
  }
}

/** What failed at a place, as it is thrown on from there. */
export function placedAt(error: unknown, offset: number): unknown {
  return error instanceof TemplateError ? error.placed(offset) : error;
}

/** Line and column, both from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf("\n");
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line += 1;
  return { line, column: offset - lastBreak };
}
