import { messageOf, ModelError } from "../errors.ts";
import type {
  Guardrail,
  GuardrailFindings,
  GuardrailHit,
  GuardrailKind,
  Guardrails,
  UncheckedGuardrail,
} from "../model/guardrails.ts";
import { isInteractive } from "../model/is-interactive.ts";
import type { CallContext, ChatMessage } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentSafety } from "../ports/content-safety.ts";
import { findHarm, findShielded } from "./ask-service.ts";
import { findAttack } from "./attack-score.ts";
import { checkOffline, whatWasSaid } from "./check-offline.ts";
import { inputTexts, withoutBlocked } from "./input-texts.ts";

/** The guardrails of one turn. Each check says what blocks the turn, or undefined. */
export interface TurnGuard {
  /** The turn's inputs without what was blocked before. */
  inputs: Record<string, unknown>;
  /** Before anything else. */
  checkInput(): Promise<GuardrailHit | undefined>;
  /** What the steps found, before the model sees it. */
  checkDocuments(texts: readonly string[]): Promise<GuardrailHit | undefined>;
  /** Without a service. */
  checkAnswer(text: string): Promise<GuardrailHit | undefined>;
  /** By the service, where a guardrail of the output needs it. */
  checkHarm(text: string): Promise<GuardrailHit | undefined>;
  /** Whether a failure is that the model service's own content filter blocked the turn, which is then as good as ours. */
  isRefusal(error: unknown): boolean;
  /** Whether anything of the output is checked, and whether by a service. */
  readonly output: { any: boolean; harm: boolean };
  /** What was said in place of an answer. */
  readonly answer: string;
  readonly findings: GuardrailFindings;
  /** What the checks took, in milliseconds, without waiting for a place among our own calls. */
  tookMs(): number;
}

export interface GuardDependencies {
  clock: Clock;
  /** Absent where none is connected: offline checks alone, and no check of harm. */
  contentSafety?: ContentSafety | undefined;
}

/** What the inputs alone do not say of a turn. */
export interface GuardedTurn {
  /** The inputs that are sent as images. */
  images?: ReadonlySet<string>;
  /** What the client says that tools were called with and gave, since the question. */
  added?: readonly ChatMessage[] | undefined;
}

/**
 * Input is checked before the steps: a lookup takes no time that could be shared, and all steps that do take time send
 * the text to a model or a search service, which is paid for. What a client calls off is thrown; any other failure of
 * the service is dealt with as the flow declares.
 */
export function guardTurn(
  guardrails: Guardrails,
  given: Readonly<Record<string, unknown>>,
  { clock, contentSafety }: GuardDependencies,
  turn: CallContext,
  { images, added = [] }: GuardedTurn = {},
): TurnGuard {
  const findings: GuardrailFindings = { blocked: undefined, unchecked: [] };
  const inputs = withoutBlocked(given, guardrails.answer);
  const texts = inputTexts(inputs, images);
  /** What an answer may repeat: not what a tool gave. */
  const said = whatWasSaid(texts.join("\n"));
  const asked = [...texts, ...inputTexts({ calls: added.filter((message) => !isFromTool(message)) })];
  const sent = [...asked, ...inputTexts({ results: added.filter(isFromTool) })].join("\n");
  let tookMs = 0;
  const call: CallContext = {
    ...turn,
    interactive: isInteractive(turn),
    onWait: (ms) => void (tookMs -= ms),
  };

  const hit = (
    stage: GuardrailHit["stage"],
    found: Pick<GuardrailHit, "guardrail" | "category"> | undefined,
  ): GuardrailHit | undefined => {
    if (found === undefined) return undefined;
    findings.blocked ??= { ...found, stage };
    return findings.blocked;
  };

  /** Once for each check of a turn, however many windows of an answer it was to look at. */
  const unchecked = (check: UncheckedGuardrail): void => {
    const { guardrail, stage } = check;
    if (findings.unchecked.some((one) => one.guardrail === guardrail && one.stage === stage)) return;
    findings.unchecked.push(check);
  };

  /** What `ask` finds; where it cannot say, what the flow declares: blocked, or what can be said `instead`. */
  const byService = async (
    guardrail: GuardrailKind,
    stage: GuardrailHit["stage"],
    ask: (service: ContentSafety) => Promise<string | undefined>,
    instead: () => Promise<string | undefined>,
  ): Promise<GuardrailHit | undefined> => {
    const startedAt = clock.elapsed();
    try {
      if (contentSafety) {
        const category = await ask(contentSafety);
        return hit(stage, category === undefined ? undefined : { guardrail, category });
      }
      unchecked({ guardrail, stage, failure: undefined });
    } catch (error) {
      if (turn.signal?.aborted) throw error;
      const failure = isTimeout(error)
        ? new ModelError(messageOf(error), { kind: "timeout", cause: error })
        : asError(error);
      unchecked({ guardrail, stage, failure });
    } finally {
      tookMs += clock.elapsed() - startedAt;
    }
    const category = guardrails.whenUnavailable === "closed" ? "unavailable" : await instead();
    return hit(stage, category === undefined ? undefined : { guardrail, category });
  };

  const attack = async (
    stage: "input" | "documents",
    list: readonly string[],
  ): Promise<GuardrailHit | undefined> => {
    if (list.length === 0 || !guardrails.input.some(({ kind }) => kind === "attack")) return undefined;
    const offline = (): Promise<string | undefined> => findAttack(list);
    if (!contentSafety) {
      const category = await offline();
      return hit(stage, category === undefined ? undefined : { guardrail: "attack", category });
    }
    const shown =
      stage === "input" ? { prompt: list.join("\n"), documents: [] } : { prompt: "", documents: list };
    const shielded = async (service: ContentSafety): Promise<string | undefined> =>
      (await findShielded(shown, service, call)) ? "prompt_shield" : undefined;
    return byService("attack", stage, shielded, offline);
  };

  const harm = async (stage: "input" | "output", text: string): Promise<GuardrailHit | undefined> => {
    const guardrail = harmOf(guardrails[stage]);
    if (guardrail === undefined || text.trim() === "") return undefined;
    return byService(
      "harm",
      stage,
      (service) => findHarm(guardrail, text, service, call),
      async () => undefined,
    );
  };

  return {
    inputs,
    async checkInput() {
      const offline = hit("input", await checkOffline(guardrails.input, sent, whatWasSaid("")));
      if (offline) return offline;
      const found = await Promise.all([attack("input", asked), harm("input", sent)]);
      return found.find((one) => one !== undefined);
    },
    checkDocuments: (list) => attack("documents", list),
    checkAnswer: async (text) => hit("output", await checkOffline(guardrails.output, text, said)),
    checkHarm: (text) => harm("output", text),
    isRefusal(error) {
      if (!(error instanceof ModelError && error.kind === "content_filter")) return false;
      // A request is refused with a status, an answer is delivered without its text.
      const stage = error.status === undefined ? "output" : "input";
      return hit(stage, { guardrail: "content_filter", category: "model_service" }) !== undefined;
    },
    output: {
      any: guardrails.output.length > 0,
      harm: contentSafety !== undefined && harmOf(guardrails.output) !== undefined,
    },
    answer: guardrails.answer,
    findings,
    tookMs: () => Math.max(0, tookMs),
  };
}

/** What a tool gave is looked at for attacks with the documents: others wrote it. */
export function isFromTool({ role }: Pick<ChatMessage, "role">): boolean {
  return role === "tool" || role === "function";
}

/** The call was ended, and not by the client: it took too long. */
function isTimeout(error: unknown): boolean {
  return error instanceof ModelError && error.kind === "aborted";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

function harmOf(list: readonly Guardrail[]): Extract<Guardrail, { kind: "harm" }> | undefined {
  return list.find((guardrail) => guardrail.kind === "harm");
}
