import type { ErrorBody } from "../../shared/model/status.ts";

/** After how long what failed in passing is asked for again, where nothing is asked for regularly. */
export const RETRY_MS = 5_000;

/** A refusal of the management API, or no answer at all (`status` 0). */
export class ApiError extends Error {
  status: number;
  /** With 409: the release as it is now. */
  release: ErrorBody["release"];

  constructor(status: number, message: string, release?: ErrorBody["release"]) {
    super(message);
    this.status = status;
    this.release = release;
  }

  /** Whether anything answered: a failure of the platform is no lost connection. */
  get isAnswer(): boolean {
    return this.status !== 0;
  }

  /** Whether the same request may be answered later: nobody answered, or not properly. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
