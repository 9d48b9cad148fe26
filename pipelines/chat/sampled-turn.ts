import type { FoundDocument } from "../../shared/flow/run-steps.ts";
import type { StreamedTurn } from "../../shared/flow/stream-turn.ts";
import type { AnsweredBy } from "../../shared/model/traffic.ts";
import type { ChatDelta } from "../../shared/ports/chat-model.ts";
import type { ShadowShare } from "./flow-catalog.ts";
import { isSampled } from "./is-sampled.ts";
import type { TurnSampler, TurnToSample } from "./sample-turns.ts";
import { turnOfName } from "./turn-name.ts";

interface Grounds {
  context: string;
  documents: readonly FoundDocument[];
}

/** A turn that is recorded once it is answered; one that a guardrail blocked says nothing of the version. */
export interface SampledTurnRecord {
  answered(turn: Grounds & { answer: string; toolCalls: readonly unknown[] | undefined }): void;
  /** The same pieces; the answer that they make is recorded when the last one is taken. */
  watch(
    first: IteratorResult<ChatDelta, unknown>,
    deltas: AsyncIterator<ChatDelta, unknown>,
    grounds: Grounds,
    turn: Pick<StreamedTurn, "guarded">,
  ): AsyncIterator<ChatDelta, unknown>;
}

/** Undefined where the turn is not sampled: then it costs nothing. `name`: the turn's. */
export function sampledTurn(
  name: string,
  asked: { serving: AnsweredBy & { shadow?: ShadowShare | undefined }; at: Date; session: string },
  inputs: Record<string, unknown>,
  sampler: TurnSampler | undefined,
): SampledTurnRecord | undefined {
  if (!sampler) return undefined;
  const { flow, shadow: shared } = asked.serving;
  const sampled = sampler.wants(flow, name);
  const shadow = shared && isSampled(name, shared.share, "shadow") ? shared : undefined;
  if (!sampled && !shadow) return undefined;
  const record = (
    answer: Pick<TurnToSample, "answer" | "toolCalls">,
    { context, documents }: Grounds,
  ): void =>
    sampler.record({
      ...asked,
      turn: turnOfName(name),
      inputs,
      ...answer,
      context,
      documents: documents.map(({ id }) => id),
      sampled,
      shadow,
    });
  return {
    answered: ({ answer, toolCalls, ...grounds }) => record({ answer, toolCalls }, grounds),
    watch(first, deltas, grounds, streamed) {
      let answer = "";
      // The pieces of streamed calls are for the client to put together: such a turn is not kept.
      let calledTools = false;
      const see = (next: IteratorResult<ChatDelta, unknown>): IteratorResult<ChatDelta, unknown> => {
        if (next.done !== true) {
          answer += next.value.text;
          calledTools ||= next.value.toolCalls !== undefined;
        } else if (!calledTools && !streamed.guarded?.blocked) {
          record({ answer, toolCalls: undefined }, grounds);
        }
        return next;
      };
      see(first);
      return {
        next: () => deltas.next().then(see),
        return: async (value) => (await deltas.return?.(value)) ?? { done: true, value },
      };
    },
  };
}
