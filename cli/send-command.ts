import { RetryLaterError } from "../shared/errors.ts";
import type { ReleasePointer } from "../shared/model/release.ts";
import type { ReleaseRequest, ReleaseVerb } from "../shared/model/status.ts";
import type { ManagementApi } from "./management-api.ts";

/** Asks for a change of the release. A reply that was lost is asked for again: the key makes it the same request. */
export async function sendCommand(
  api: ManagementApi,
  flow: string,
  verb: ReleaseVerb,
  request: ReleaseRequest & { key: string },
): Promise<ReleasePointer> {
  try {
    return await api.command(flow, verb, request);
  } catch (error) {
    if (!(error instanceof RetryLaterError)) throw error;
    return api.command(flow, verb, request);
  }
}
