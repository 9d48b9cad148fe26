/** A refusal in OpenAI's shape. `status` is the HTTP status it is answered with. */
export class OpenAiError extends Error {
  override readonly name: string = "OpenAiError";
  readonly status: number;
  readonly parameter: string | null;
  constructor(status: number, message: string, parameter: string | null = null) {
    super(message);
    this.status = status;
    this.parameter = parameter;
  }
}

/** The body that carries a refusal. */
export function openAiErrorBody(error: OpenAiError): object {
  const type = error.status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message: error.message, type, param: error.parameter, code: null } };
}
