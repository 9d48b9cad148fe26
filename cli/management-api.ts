import { ConflictError, NotFoundError, PermanentError, RetryLaterError } from "../shared/errors.ts";
import type { GivenUpList, ReplayedMessage } from "../shared/model/given-up.ts";
import type { ProposalList, RowProposal } from "../shared/model/monitored-turn.ts";
import type { ReleasePointer } from "../shared/model/release.ts";
import type {
  ErrorBody,
  FlowHistory,
  FlowList,
  FlowStatus,
  ReleaseProgress,
  ReleaseRequest,
  ReleaseVerb,
  RunDetail,
  RunRows,
  VersionDetail,
} from "../shared/model/status.ts";
import type { Scorecard } from "../shared/model/scorecard.ts";
import type { VersionInputs } from "../shared/model/tried-turn.ts";
import type { SuiteManifest } from "../shared/model/version.ts";

/**
 * What the command asks of the platform. Throws `NotFoundError` (the message lists what exists), `ConflictError`,
 * `RetryLaterError` where nothing answers or the platform is busy, `PermanentError` for every other refusal.
 */
export interface ManagementApi {
  flows(): Promise<FlowList>;
  /** With a proposal's name: what became of that proposal in place of the flow's own latest change. */
  flow(flow: string, proposal?: string): Promise<FlowStatus>;
  /** The release, and what the traffic of a rollout under way shows so far. */
  release(flow: string): Promise<ReleaseProgress>;
  run(flow: string, run: string): Promise<RunDetail>;
  /** The report as it is kept: Markdown, or a page. */
  reportFile(flow: string, run: string, file: "report.md" | "report.html"): Promise<string>;
  version(flow: string, version: string): Promise<VersionDetail>;
  /** What a version is asked with. */
  inputs(flow: string, version: string): Promise<VersionInputs>;
  scorecard(flow: string, version: string): Promise<Scorecard>;
  /** The same as a page. */
  scorecardPage(flow: string, version: string): Promise<string>;
  suite(flow: string, suite: string): Promise<SuiteManifest>;
  snapshotFile(flow: string, kind: "versions" | "suites", id: string, path: string): Promise<Uint8Array>;
  /** A page of rows, without their contexts unless they are asked for. */
  rows(
    flow: string,
    run: string,
    from: { shard: string; offset: number; context?: boolean },
  ): Promise<RunRows>;
  history(flow: string, top: number): Promise<FlowHistory>;
  /** Turns of production that are proposed as rows. */
  proposals(flow: string): Promise<ProposalList>;
  decideProposal(
    flow: string,
    turn: string,
    body: { decision: "accepted" | "dropped"; actor: string },
  ): Promise<RowProposal>;
  /** Approves, pauses, resumes, aborts, rolls back or promotes. */
  command(flow: string, verb: ReleaseVerb, request: ReleaseRequest): Promise<ReleasePointer>;
  /** Messages that were given up, and the way back into their queue. */
  givenUp(): Promise<GivenUpList>;
  replay(queue: string, id: string, actor: string): Promise<ReplayedMessage>;
}

const TIMEOUT_MS = 30_000;

/** Speaks to the management API of the platform at `url`. */
export function createManagementApi(
  connection: { url: string; key: string | undefined },
  signal?: AbortSignal,
): ManagementApi {
  const { url, key } = connection;
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };

  async function request(path: string, body?: object): Promise<Response> {
    const sent = body && { method: "POST", body: JSON.stringify(body) };
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(`${url}/api${path}`, {
        ...sent,
        headers: body ? { ...headers, "content-type": "application/json" } : headers,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw nothingAnswers(url, error);
    }
    if (response.ok) return response;
    throw await refusal(response, url, key !== undefined);
  }

  async function json<T>(path: string, body?: object): Promise<T> {
    const response = await request(path, body);
    try {
      return (await response.json()) as T;
    } catch (error) {
      signal?.throwIfAborted();
      throw new PermanentError(`What answers at ${url} is not Flowgate. Name the platform with --url.`, {
        cause: error,
      });
    }
  }

  const segment = encodeURIComponent;
  return {
    flows: () => json("/flows"),
    flow: (flow, proposal) =>
      json(`/flows/${segment(flow)}${proposal === undefined ? "" : `?proposal=${segment(proposal)}`}`),
    release: (flow) => json(`/flows/${segment(flow)}/release`),
    run: (flow, run) => json(`/flows/${segment(flow)}/runs/${segment(run)}`),
    reportFile: async (flow, run, file) =>
      (await request(`/flows/${segment(flow)}/runs/${segment(run)}/${file}`)).text(),
    version: (flow, version) => json(`/flows/${segment(flow)}/versions/${segment(version)}`),
    inputs: (flow, version) => json(`/flows/${segment(flow)}/versions/${segment(version)}/inputs`),
    scorecard: (flow, version) => json(`/flows/${segment(flow)}/versions/${segment(version)}/scorecard`),
    scorecardPage: async (flow, version) =>
      (await request(`/flows/${segment(flow)}/versions/${segment(version)}/scorecard.html`)).text(),
    suite: (flow, suite) => json(`/flows/${segment(flow)}/suites/${segment(suite)}`),
    snapshotFile: async (flow, kind, id, path) =>
      (
        await request(`/flows/${segment(flow)}/${kind}/${segment(id)}/file?path=${encodeURIComponent(path)}`)
      ).bytes(),
    rows(flow, run, { shard, offset, context = false }) {
      const page = `shard=${segment(shard)}&offset=${offset}&top=200${context ? "&context=true" : ""}`;
      return json(`/flows/${segment(flow)}/runs/${segment(run)}/rows?${page}`);
    },
    proposals: (flow) => json(`/flows/${segment(flow)}/review`),
    decideProposal: (flow, turn, body) => json(`/flows/${segment(flow)}/review/${segment(turn)}`, body),
    history: (flow, top) => json(`/flows/${segment(flow)}/history?top=${top}`),
    givenUp: () => json("/given-up"),
    replay: (queue, id, actor) => json(`/given-up/${segment(queue)}/${segment(id)}`, { actor }),
    command: (flow, verb, body) => json(`/flows/${segment(flow)}/${verb}`, body),
  };
}

/** The error for a platform that does not answer. */
export function nothingAnswers(url: string, cause: unknown): RetryLaterError {
  return new RetryLaterError(
    `Nothing answers at ${url}. Start the platform with \`npm start\`, or name one with --url.`,
    { cause },
  );
}

async function refusal(response: Response, url: string, keyGiven: boolean): Promise<Error> {
  const text = await response.text();
  const message = messageIn(text) ?? `${url} answers ${response.status} ${response.statusText}`.trim();
  switch (response.status) {
    case 401:
    case 403:
      return new PermanentError(
        keyGiven
          ? `${url} refuses the key: ${message} Give one with --key or FLOWGATE_KEY.`
          : `${url} asks for a key. Give it with --key or FLOWGATE_KEY.`,
      );
    case 404:
      return new NotFoundError(message);
    case 409:
      return new ConflictError(message);
    default:
      return response.status >= 500 || response.status === 429
        ? new RetryLaterError(message)
        : new PermanentError(message);
  }
}

function messageIn(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody>;
    return typeof body.error?.message === "string" ? body.error.message : undefined;
  } catch {
    return undefined;
  }
}
