import { messageOf, ModelError, PermanentError, RetryLaterError } from "../errors.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { RenderError } from "./render-error.ts";

/** A failure inside a step, naming the step and of the same type, so that whether to retry stays what it was. */
export function stepError(step: string, error: unknown): Error {
  const message = `The step ${step}: ${messageOf(error)}`;
  if (error instanceof ModelError) {
    const { kind, status, retryAfterMs } = error;
    return new ModelError(message, {
      kind,
      retryAfterMs,
      cause: error,
      ...(status === undefined ? {} : { status }),
    });
  }
  if (error instanceof RetryLaterError) {
    const { afterMs } = error;
    return new RetryLaterError(message, { cause: error, ...(afterMs === undefined ? {} : { afterMs }) });
  }
  if (error instanceof TemplateError || error instanceof RenderError) {
    return new RenderError(message, { cause: error });
  }
  if (error instanceof PermanentError) return new PermanentError(message, { cause: error });
  return new Error(message, { cause: error });
}
