/** What a model's service says instead of an answer: a reply that is no success, or an error in the middle of a stream. */
export class ModelServiceError extends Error {
  override name = "ModelServiceError";
  /** Of the reply; undefined in the middle of a stream. */
  readonly status: number | undefined;
  readonly headers: Pick<Headers, "get">;
  /** The body's `error`, in OpenAI's form or Azure's. */
  readonly error: unknown;
  readonly code: unknown;
  readonly param: unknown;
  readonly type: unknown;

  constructor(reply: {
    status?: number;
    headers: Pick<Headers, "get">;
    error?: unknown;
    /** What is said where there is no `error`. */
    text?: string;
  }) {
    const said = wordsOf(reply.error) ?? (reply.text || "no reason given");
    super(reply.status === undefined ? said : `${reply.status} ${said}`);
    this.status = reply.status;
    this.headers = reply.headers;
    this.error = reply.error;
    const { code, param, type } = (reply.error ?? {}) as Record<string, unknown>;
    this.code = code;
    this.param = param;
    this.type = type;
  }
}

/** No reply came: the service could not be reached, or the connection broke. `cause` says why. */
export class ModelConnectionError extends Error {
  override name = "ModelConnectionError";

  constructor(cause: unknown) {
    super("Connection error.", { cause });
  }
}

function wordsOf(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  const message = (error as { message?: unknown } | null | undefined)?.message;
  if (typeof message === "string") return message;
  return error ? JSON.stringify(message ?? error) : undefined;
}
