import { randomUUID } from "node:crypto";
import { answerTurn } from "../../shared/flow/answer-turn.ts";
import { streamTurn } from "../../shared/flow/stream-turn.ts";
import { addCosts, addUsage } from "../../shared/flow/turn-calls.ts";
import type { TurnDependencies } from "../../shared/flow/turn-dependencies.ts";
import { sessionHash } from "../../shared/model/session-hash.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import { versionName } from "../../shared/model/version.ts";
import type { CallContext, SpentCall } from "../../shared/ports/chat-model.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { ChatBudget } from "./chat-budget.ts";
import { chatErrorOf, stoppedFlow, unknownFlow } from "./chat-error.ts";
import type { ChatProtocol, TurnFacts } from "./chat-protocol.ts";
import { checkInputLength, checkLength } from "./check-length.ts";
import { checkQuestion } from "./check-question.ts";
import { citationsOf } from "./citations.ts";
import { clientTools } from "./client-tools.ts";
import type { FlowCatalog, ServingVersion } from "./flow-catalog.ts";
import { recordTurn } from "./record-turn.ts";
import { sampledTurn } from "./sampled-turn.ts";
import type { TurnSampler } from "./sample-turns.ts";
import { sessionName } from "./session-name.ts";
import { streamReply, type OpenTurn } from "./stream-reply.ts";
import { boundTurn, TURN_LIMITS, type TurnLimits } from "./turn-bounds.ts";
import { turnInputs } from "./turn-inputs.ts";
import type { TurnNames } from "./turn-name.ts";

/** What the chat stage asks of the world. */
export interface ChatDependencies extends TurnDependencies {
  catalog: FlowCatalog;
  telemetry: Telemetry;
  /** Undefined: as much as clients like. */
  budget?: ChatBudget | undefined;
  /** Undefined: nobody counts. */
  traffic?: TrafficRecorder | undefined;
  /** Undefined: nothing can be said of a turn later. */
  turnNames?: TurnNames | undefined;
  /** Undefined: no turn is kept. */
  sampler?: TurnSampler | undefined;
  /** Told of answers that fail when the trigger has returned them already. */
  log?: ((line: string) => void) | undefined;
  /** Undefined: `TURN_LIMITS`. */
  limits?: TurnLimits;
}

/** A request as the trigger has it. */
export interface AskedChat {
  body: unknown;
  /** What the address says. */
  path: { flow: string | undefined; streamed: boolean };
  /** The session as a header names it, which goes before one in the body. */
  session: string | null | undefined;
  /** Calls back where the client leaves before it has its answer, where the platform can tell. */
  onLeave?: (leave: () => void) => void;
}

/**
 * An answer ready to be sent: `json` whole, or `stream` piece by piece. `version` and `session` go into headers: a
 * client that sends its session again keeps its version during a rollout.
 */
export type ChatReply =
  | { kind: "json"; version: string; session: string; body: object }
  | { kind: "stream"; version: string; session: string; events: AsyncIterable<string> };

/**
 * Answers one turn with the version that serves the session now; a session that the client does not name gets a name.
 * Throws `ChatError`; a failure after the stream began becomes the end of it, because its status is already sent.
 */
export async function answerChat(
  protocol: ChatProtocol,
  asked: AskedChat,
  dependencies: ChatDependencies,
): Promise<ChatReply> {
  const request = protocol.read(asked.body, asked.path);
  checkLength(request);
  checkQuestion(request);
  const session = sessionName(asked.session, request.session, request.sessionField) ?? randomUUID();
  const serving = await servingVersion(request.flow, session, dependencies.catalog);
  checkInputLength(serving.loaded, request);
  dependencies.budget?.admit(serving.flow);
  const added = clientTools(serving.loaded.prompt, request);
  const at = dependencies.clock.now();
  const version = versionName(serving.flow, serving.version);
  const naming = nameMeanwhile(() => dependencies.turnNames?.name(serving, session, at));
  const named = async (): Promise<TurnFacts> => ({
    id: (await naming) ?? randomUUID(),
    created: Math.floor(at.getTime() / 1000),
    flow: serving.flow,
    version,
    session,
  });
  const bounds = boundTurn(dependencies.limits ?? TURN_LIMITS);
  asked.onLeave?.(bounds.leave);
  const spent: SpentCall[] = [];
  const hash = sessionHash(session);
  const call: CallContext = {
    flow: serving.flow,
    version: serving.version,
    purpose: "chat",
    // Its name may be a person's, and goes into spans.
    conversationId: hash,
    signal: bounds.signal,
    onUsage(paid) {
      spent.push(paid);
      dependencies.budget?.record(serving.flow, paid);
    },
  };
  const record = recordTurn(serving, { hash }, request.streamed, dependencies);
  const paid = () => ({
    usage: addUsage(spent.map(({ usage }) => usage)),
    cost: addCosts(spent, dependencies.prices),
  });
  const head = { version, session };
  try {
    // A version that asks for more than its clients send fails them, as much as one that errs.
    const inputs = turnInputs(serving, request);
    const sampled = ({ id }: TurnFacts) =>
      sampledTurn(id, { serving, at, session }, inputs, dependencies.sampler);
    if (!request.streamed) {
      const work = record.within(() => answerTurn(serving.loaded, inputs, dependencies, call, added));
      const answer = await bounds.within(work);
      bounds.end();
      record.guardedBy(answer.guarded);
      record.end({ usage: answer.usage, cost: answer.cost });
      const facts = await named();
      if (!answer.guarded?.blocked) sampled(facts)?.answered(answer);
      const citations = citationsOf(serving.loaded, answer.documents);
      return { kind: "json", ...head, body: protocol.answer(facts, answer, citations) };
    }
    const answer = streamTurn(serving.loaded, inputs, dependencies, call, added);
    record.guardedBy(answer.guarded);
    const deltas = answer[Symbol.asyncIterator]();
    // The first piece is waited for, so that a failure before it still gets a status of its own.
    const first = await bounds.within(record.within(() => deltas.next()));
    const prepared = await answer.prepared;
    const facts = await named();
    const format = protocol.stream(facts, request);
    const citations = citationsOf(serving.loaded, prepared.documents);
    const pieces = sampled(facts)?.watch(first, deltas, prepared, answer) ?? deltas;
    const turn: OpenTurn = { facts, bounds, record, spent: paid, log: dependencies.log };
    return { kind: "stream", ...head, events: streamReply(turn, format, citations, first, pieces) };
  } catch (error) {
    bounds.end();
    const refusal = bounds.failure() ?? chatErrorOf(error);
    record.fail(refusal.code, error, paid());
    refusal.served = head;
    throw refusal;
  }
}

/**
 * Signed once the model has been asked, by this turn and those that came with it: nobody waits for a name, and a turn
 * without one is answered all the same.
 */
async function nameMeanwhile(name: () => Promise<string> | undefined): Promise<string | undefined> {
  await new Promise((resolve) => setImmediate(resolve));
  return name()?.catch(() => undefined);
}

async function servingVersion(flow: string, session: string, catalog: FlowCatalog): Promise<ServingVersion> {
  const serving = await catalog.serving(flow, session);
  if (serving?.stopped === true) throw stoppedFlow(flow);
  if (serving) return serving;
  throw unknownFlow(flow, await catalog.flows());
}
