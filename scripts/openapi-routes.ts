import * as z from "zod";
import { aiChatRequestSchema } from "../pipelines/chat/ai-chat-request.ts";
import { feedbackSchema } from "../pipelines/chat/take-feedback.ts";
import {
  actorSchema,
  releaseRequestSchema,
  reviewDecisionSchema,
  reviewProposalSchema,
} from "../shared/messages/management-requests.ts";
import type { Role } from "../shared/model/access.ts";
import { RELEASE_VERBS, type ReleaseVerb } from "../shared/model/status.ts";

/** A route as the document describes it. */
export interface DescribedRoute {
  /** `GET api/flows/{flow}`. */
  route: string;
  summary: string;
  /** The least role that opens it; undefined: everybody. */
  role: Role | undefined;
  query?: Record<string, QueryParameter>;
  /** A JSON body. */
  body?: z.ZodType;
  /** A type of `shared/model` by its name (JSON), or another content. */
  answer: { type: string } | { content: string; description: string; type?: string };
  /** Refusals are in OpenAI's shape. */
  chat?: true;
}

interface QueryParameter {
  description: string;
  schema: object;
  required?: true;
}

const fromZero = { type: "integer", minimum: 0 };
const count = { type: "integer", minimum: 1 };
const path: QueryParameter = {
  description: "A path of the manifest's files.",
  schema: { type: "string" },
  required: true,
};
const version: QueryParameter = {
  description: "A version's id.",
  schema: { type: "string" },
  required: true,
};
const FILE = { content: "application/octet-stream", description: "The file's bytes." };

const VERBS: Record<ReleaseVerb, string> = {
  approve: "Approves the step that waits for a person.",
  pause: "Holds the rollout where it is.",
  resume: "Goes on with a rollout that is paused.",
  abort: "Ends the rollout: the stable version serves everybody again.",
  rollback: "Puts the version that served before back.",
  promote: "Promotes a version that passed, or one that a person takes the responsibility for.",
  stop: "Switches the flow off: it answers nobody.",
  serve: "Switches the flow on again.",
};

/** Every route for clients, the command and the studio. */
export const DESCRIBED_ROUTES: DescribedRoute[] = [
  {
    route: "GET api/health",
    summary: "Whether the app is well.",
    role: undefined,
    answer: { type: "Health" },
  },
  {
    route: "GET health/live",
    summary: "Whether the process lives.",
    role: undefined,
    answer: { type: "Liveness" },
  },
  {
    route: "GET health/ready",
    summary: "Whether chats can be answered; 503 where not.",
    role: undefined,
    answer: { type: "Readiness" },
  },
  {
    route: "GET api/me",
    summary: "Who calls, and what they may do.",
    role: "reader",
    answer: { type: "Me" },
  },
  {
    route: "GET api/openapi.json",
    summary: "This document.",
    role: undefined,
    answer: { content: "application/json", description: "An OpenAPI 3.1 document." },
  },
  {
    route: "POST api/chat/{flow}",
    summary: "Microsoft's AI Chat Protocol: an answer at once.",
    role: "chat",
    body: aiChatRequestSchema(),
    answer: { type: "AiChatAnswer" },
    chat: true,
  },
  {
    route: "POST api/chat/{flow}/stream",
    summary: "Microsoft's AI Chat Protocol: an answer as it is written.",
    role: "chat",
    body: aiChatRequestSchema(),
    answer: { content: "application/x-ndjson", description: "A delta a line.", type: "AiChatLine" },
    chat: true,
  },
  {
    route: "POST v1/chat/completions",
    summary: "OpenAI's chat completions; `model` names the flow.",
    role: "chat",
    body: z.object({ model: z.string(), messages: z.array(z.object({}).loose()).min(1) }).loose(),
    answer: {
      content: "application/json",
      description: "As OpenAI answers; with `stream` server-sent events.",
      type: "ChatCompletion",
    },
    chat: true,
  },
  {
    route: "GET v1/models",
    summary: "The flows in production, in OpenAI's shape.",
    role: "chat",
    answer: { type: "ModelList" },
    chat: true,
  },
  {
    route: "GET v1/models/{model}",
    summary: "One of the flows in production, in OpenAI's shape.",
    role: "chat",
    answer: { type: "ListedModel" },
    chat: true,
  },
  {
    route: "POST api/feedback",
    summary: "What a user says of an answer.",
    role: "chat",
    body: feedbackSchema,
    answer: { type: "FeedbackTaken" },
    chat: true,
  },
  {
    route: "GET api/flows",
    summary: "All flows: what serves, what changed last.",
    role: "reader",
    answer: { type: "FlowList" },
  },
  {
    route: "GET api/flows/{flow}",
    summary: "One flow: what serves, what changed last and what became of it.",
    role: "reader",
    query: {
      proposal: {
        description: "What became of this proposal, in place of the flow's own latest change.",
        schema: { type: "string" },
      },
    },
    answer: { type: "FlowStatus" },
  },
  {
    route: "GET api/flows/{flow}/history",
    summary: "The ledger and the refused changes, newest first.",
    role: "reader",
    query: { top: { description: "How many; 50 by default, 1,000 at most.", schema: count } },
    answer: { type: "FlowHistory" },
  },
  {
    route: "GET api/flows/{flow}/proposals",
    summary: "What pull requests propose, and what became of it, the newest first.",
    role: "reader",
    answer: { type: "FlowProposals" },
  },
  {
    route: "GET api/flows/{flow}/release",
    summary: "The release, and what the traffic of a rollout under way shows so far.",
    role: "reader",
    answer: { type: "ReleaseProgress" },
  },
  {
    route: "GET api/flows/{flow}/comparison",
    summary: "How two versions differ: files, what judged them, and the rows that both answered.",
    role: "reader",
    query: { before: version, after: version },
    answer: { type: "VersionComparison" },
  },
  {
    route: "GET api/flows/{flow}/traffic",
    summary: "What was served, by steps of time and by version.",
    role: "reader",
    query: {
      hours: {
        description: "How far back; 1 by default.",
        schema: { type: "number", exclusiveMinimum: 0, maximum: 744 },
      },
      to: {
        description: "Where the hours end; now by default.",
        schema: { type: "string", format: "date-time" },
      },
    },
    answer: { type: "FlowTraffic" },
  },
  {
    route: "GET api/flows/{flow}/runs/{run}",
    summary: "A run: its plan, its progress, and once decided its report and verdict.",
    role: "reader",
    answer: { type: "RunDetail" },
  },
  {
    route: "GET api/flows/{flow}/runs/{run}/rows",
    summary: "Rows of a run, a page of one shard.",
    role: "reader",
    query: {
      shard: { description: "The plan's first by default.", schema: { type: "string" } },
      offset: { description: "From 0.", schema: fromZero },
      top: { description: "How many; 50 by default.", schema: count },
      context: { description: "Whether contexts are wanted; they are long.", schema: { type: "boolean" } },
    },
    answer: { type: "RunRows" },
  },
  ...(
    [
      ["md", "text/markdown"],
      ["html", "text/html"],
    ] as const
  ).map(([extension, content]): DescribedRoute => ({
    route: `GET api/flows/{flow}/runs/{run}/report.${extension}`,
    summary: "The report of a decided run, for people.",
    role: "reader",
    answer: { content, description: "The report." },
  })),
  {
    route: "GET api/flows/{flow}/versions/{version}",
    summary: "A version: its files, its commit, and the runs that judged it.",
    role: "reader",
    answer: { type: "VersionDetail" },
  },
  {
    route: "GET api/flows/{flow}/versions/{version}/file",
    summary: "A file of a version.",
    role: "reader",
    query: { path },
    answer: FILE,
  },
  {
    route: "GET api/flows/{flow}/versions/{version}/scorecard",
    summary:
      "What a version is for, what it was shown to do, and who decided it; each part with its evidence.",
    role: "reader",
    answer: { type: "Scorecard" },
  },
  {
    route: "GET api/flows/{flow}/versions/{version}/scorecard.html",
    summary: "The scorecard, for people.",
    role: "reader",
    answer: { content: "text/html", description: "The scorecard." },
  },
  {
    route: "GET api/flows/{flow}/versions/{version}/inputs",
    summary: "What a version is asked with, beside the question.",
    role: "operator",
    answer: { type: "VersionInputs" },
  },
  {
    route: "POST api/flows/{flow}/versions/{version}/try",
    summary: "One turn of any version, with what the model is sent and what it costs. Nobody's traffic.",
    role: "operator",
    body: aiChatRequestSchema(),
    answer: { content: "application/x-ndjson", description: "An event a line.", type: "TriedTurnEvent" },
  },
  {
    route: "GET api/flows/{flow}/suites/{suite}",
    summary: "A suite: what a flow is judged by.",
    role: "reader",
    answer: { type: "SuiteManifest" },
  },
  {
    route: "GET api/flows/{flow}/suites/{suite}/file",
    summary: "A file of a suite.",
    role: "reader",
    query: { path },
    answer: FILE,
  },
  {
    route: "GET api/flows/{flow}/review",
    summary: "Turns that wait to become rows of the dataset.",
    role: "operator",
    answer: { type: "ProposalList" },
  },
  {
    route: "PUT api/flows/{flow}/review/{turn}",
    summary: "Proposes a tried turn as a row; the same turn again is the same proposal.",
    role: "operator",
    body: reviewProposalSchema,
    answer: { type: "ProposedTurn" },
  },
  {
    route: "POST api/flows/{flow}/review/{turn}",
    summary: "What a person decided of a proposal.",
    role: "operator",
    body: reviewDecisionSchema,
    answer: { type: "RowProposal" },
  },
  {
    route: "GET api/given-up",
    summary: "Messages that no try could mend, the oldest first.",
    role: "operator",
    answer: { type: "GivenUpList" },
  },
  {
    route: "POST api/given-up/{queue}/{id}",
    summary: "Puts such a message back into its queue, once its cause is mended.",
    role: "operator",
    body: actorSchema,
    answer: { type: "ReplayedMessage" },
  },
  ...RELEASE_VERBS.map((verb): DescribedRoute => ({
    route: `POST api/flows/{flow}/${verb}`,
    summary: VERBS[verb],
    role: "operator",
    body: releaseRequestSchema,
    answer: { type: "ReleasePointer" },
  })),
];
