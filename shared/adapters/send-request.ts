import type { Dispatcher } from "undici";
import { PiecewiseBody, type ResponseBody } from "./response-body.ts";

/** An answer whose head has arrived; names of headers in lower case. */
export interface RawResponse {
  status: number;
  statusText: string;
  headers: Record<string, string | string[] | undefined>;
  body: ResponseBody;
}

/**
 * Sends one request over undici's dispatch, without the streams and objects of a `fetch`. Resolves with the head of the
 * answer, rejects where the connection fails before it. Aborting the signal ends the request at any time.
 */
export function sendRequest(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal | null | undefined,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    let controller: Dispatcher.DispatchController | undefined;
    const abort = (): void => controller?.abort(signal?.reason as Error);
    signal?.addEventListener("abort", abort);
    const body = new PiecewiseBody(
      () => controller?.resume(),
      () => controller?.abort(new Error("The reader left.")),
    );
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // Aborted while it waited for a connection.
        if (signal?.aborted) abort();
      },
      onResponseStart(_controller, status, headers, statusText = "") {
        // An interim response is followed by the one that is meant.
        if (status >= 200) resolve({ status, statusText, headers, body });
      },
      onResponseData(_controller, piece) {
        if (body.push(piece)) controller?.pause();
      },
      onResponseEnd() {
        signal?.removeEventListener("abort", abort);
        body.end();
      },
      onResponseError(_controller, error) {
        signal?.removeEventListener("abort", abort);
        body.fail(error);
        reject(error);
      },
    });
  });
}
