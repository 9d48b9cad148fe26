/** The handler threw, or took longer than the function timeout. */
export class InvocationFailedError extends Error {
  override readonly name = "InvocationFailedError";
  /** The stack in the app process; empty where there is none. */
  readonly stackTrace: string;
  constructor(message: string, stackTrace: string) {
    super(message);
    this.stackTrace = stackTrace;
  }
}

/** The app process ended before the invocation did. Nobody knows how far it came. */
export class AppProcessEndedError extends Error {
  override readonly name = "AppProcessEndedError";
}
