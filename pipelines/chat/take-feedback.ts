import * as z from "zod";
import { redactFields, redactText } from "../../shared/evaluators/safety/redact-personal-data.ts";
import { RetryLaterError } from "../../shared/errors.ts";
import type { TurnSampleMessage } from "../../shared/messages/queue-messages.ts";
import type { Feedback } from "../../shared/model/monitored-turn.ts";
import { FLOWGATE_ARM, FLOWGATE_FLOW, FLOWGATE_VERSION } from "../../shared/model/telemetry-names.ts";
import type { FeedbackTaken } from "../../shared/model/status.ts";
import { sessionHash } from "../../shared/model/session-hash.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import { ChatError } from "./chat-error.ts";
import { requestRefusal } from "./request-refusal.ts";
import { decodedSession } from "./session-name.ts";
import type { TurnNames } from "./turn-name.ts";

export interface FeedbackDependencies {
  store: BlobStore;
  queue: Queue;
  clock: Clock;
  telemetry: Telemetry;
  traffic: TrafficRecorder;
  turnNames: TurnNames;
}

const text = z.string().max(20_000);
export const feedbackSchema = z.object({
  flow: z.string().min(1).max(63),
  /** The answer's id. */
  turn: z.string().min(1).max(400),
  session: z.string().min(1).max(1000),
  rating: z.enum(["up", "down"]),
  comment: z.string().max(2000).nullish(),
  /** What was asked and answered, for a turn that may not have been kept. */
  question: text.nullish(),
  answer: text.nullish(),
  inputs: z.record(z.string().max(200), text).nullish(),
});

/** A sampled turn is stored by then. */
const LOOK_AFTER_SECONDS = 10;
type Rating = Feedback["rating"];
/** How often what others say at once may come in between. */
const ATTEMPTS = 10;
const OPENAI_PREFIX = /^chatcmpl-/;

/**
 * What a user says of a turn. Only the session that got the answer may: to every other there is no such turn. Said
 * again it counts once; said otherwise the last word stands, but a defect that was counted stays counted. Throws
 * `ChatError`.
 */
export async function takeFeedback(
  body: unknown,
  { store, queue, clock, telemetry, traffic, turnNames }: FeedbackDependencies,
): Promise<FeedbackTaken> {
  const said = parse(body);
  const { flow, rating, comment, question, answer, inputs } = said;
  const answered = said.turn.replace(OPENAI_PREFIX, "");
  let session = said.session.trim();
  let named = await turnNames.read(answered, flow, session);
  if (!named) {
    // As the answer's header told it.
    session = decodedSession(session);
    named = await turnNames.read(answered, flow, session);
  }
  if (!named) {
    throw new ChatError(
      404,
      "invalid_request_error",
      "turn_not_found",
      `This session got no answer "${said.turn.slice(0, 100)}" of "${flow}". Send the answer's id, the flow and the session as they came with the answer.`,
      "turn",
    );
  }
  const { turn, version, share, at } = named;
  const hash = sessionHash(session);
  const sent = question
    ? { inputs: await redactFields({ ...inputs, question }), answer: answer && (await redactText(answer)) }
    : undefined;
  const feedback: Feedback = {
    flow,
    version,
    ...(share && { share }),
    turn,
    at: at.toISOString(),
    session: hash,
    rating,
    ...(comment?.trim() && { comment: await redactText(comment.trim()) }),
    saidAt: clock.now().toISOString(),
    ...(sent && { sent: { inputs: sent.inputs, answer: sent.answer ?? undefined } }),
  };
  const day = feedback.at.slice(0, 10);
  const name = trafficPath.feedback(flow, day, turn);
  const before = await replaceRating(store, name, feedback);
  traffic.record({
    serving: named,
    session: { hash },
    defects: rating === "down" ? ["thumbs_down"] : [],
    requests: 0,
    ratings: { up: votes(rating, before, "up"), down: votes(rating, before, "down") },
  });
  // Said again it is one vote.
  if (rating !== before) {
    telemetry.event("flowgate.feedback", {
      [FLOWGATE_FLOW]: flow,
      [FLOWGATE_VERSION]: version,
      [FLOWGATE_ARM]: share?.arm,
      "flowgate.rating": rating,
    });
  }
  if (rating === "down") {
    const message: TurnSampleMessage = { kind: "feedback", flow, day, turn };
    await queue.send("turn-samples", message, { delaySeconds: LOOK_AFTER_SECONDS });
  }
  return { turn: said.turn, rating };
}

/**
 * What was said before. Guarded, so that of two who say it at once, as by a click that comes twice, one knows of the
 * other, and it is one vote.
 */
async function replaceRating(
  store: BlobStore,
  name: string,
  feedback: Feedback,
): Promise<Rating | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await readJson<Feedback>(store, "traffic", name);
    if (await replaceJson(store, "traffic", name, feedback, before?.etag)) return before?.value.rating;
  }
  throw new RetryLaterError("Too much is said of this answer at once. Try again.");
}

/** Of how many votes of a kind there are more now. */
function votes(said: Rating, before: Rating | undefined, kind: Rating): number {
  return Number(said === kind) - Number(before === kind);
}

function parse(body: unknown): z.infer<typeof feedbackSchema> {
  const parsed = feedbackSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw requestRefusal(parsed.error, body);
}
