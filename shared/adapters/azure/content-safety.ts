import type { ContentSafetyClient } from "@azure-rest/ai-content-safety";
import * as z from "zod";
import { messageOf, ModelError, type ModelErrorKind } from "../../errors.ts";
import { FLOWGATE_FLOW, FLOWGATE_VERSION, SERVER_ADDRESS } from "../../model/telemetry-names.ts";
import type { CallContext } from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ContentSafety, HarmCategory } from "../../ports/content-safety.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ContentSafetySettings } from "../../settings.ts";
import { createCallLimiter } from "../call-limiter.ts";
import { retryModelCall } from "../retry-model-call.ts";
import { createLazyCredential, type LazyCredential } from "./lazy-credential.ts";

/** The client's types end with 2023-10-01; shields and protected material came with this one. */
const API_VERSION = "2024-09-01";
const TIMEOUT_MS = 20_000;
/** The free tier takes five a second, the standard tier 1,000 in ten: what is too much, 429 says. */
const CALLS_AT_ONCE = 16;
/** Characters (code points) that the service reads of one text, and the fewest it tells protected material of. */
const LONGEST = 10_000;
const SHORTEST_PROTECTED = 110;
const CATEGORIES: HarmCategory[] = ["Hate", "SelfHarm", "Sexual", "Violence"];

const analysisSchema = z.object({
  categoriesAnalysis: z.array(z.object({ category: z.string(), severity: z.number().min(0).max(7) })),
});
const shieldSchema = z.object({
  userPromptAnalysis: z.object({ attackDetected: z.boolean() }),
  documentsAnalysis: z.array(z.object({ attackDetected: z.boolean() })).default([]),
});
const protectedSchema = z.object({ protectedMaterialAnalysis: z.object({ detected: z.boolean() }) });

/**
 * Azure AI Content Safety, with a key or by the process's identity (role Cognitive Services User). Texts that are longer
 * than it reads go in parts, of which the worst counts. Throttled and failed calls are repeated inside.
 */
export function createContentSafety(
  settings: ContentSafetySettings,
  telemetry: Telemetry,
  clock: Clock,
  credential: LazyCredential = createLazyCredential(),
): ContentSafety {
  const limiter = createCallLimiter(CALLS_AT_ONCE, clock);
  const { hostname } = new URL(settings.endpoint);
  let client: Promise<ContentSafetyClient> | undefined;

  async function post<T>(
    operation: string,
    body: object,
    schema: z.ZodType<T>,
    context: CallContext,
  ): Promise<T> {
    const span = telemetry.startSpan(`content_safety ${operation}`, "client", {
      [SERVER_ADDRESS]: hostname,
      [FLOWGATE_FLOW]: context.flow,
      [FLOWGATE_VERSION]: context.version,
    });
    try {
      client ??= connect(settings, credential);
      const connected = await client;
      const call = (): Promise<T> => once(connected, operation, body, schema, context);
      const { result, release } = await retryModelCall(call, {
        limiter,
        deployment: operation,
        context,
        clock,
      });
      release();
      return result;
    } catch (error) {
      span.fail(error instanceof ModelError ? error.kind : "failed", "The content safety service failed.");
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    name: `azure-content-safety:${hostname}`,
    async severities(text, context) {
      const found = await Promise.all(
        partsOf(text).map((part) => {
          const body = { text: part, categories: CATEGORIES, outputType: "EightSeverityLevels" };
          return post("text:analyze", body, analysisSchema, context);
        }),
      );
      const worst = (category: HarmCategory): number => {
        const severities = found.map(
          ({ categoriesAnalysis }) =>
            categoriesAnalysis.find((analysis) => analysis.category === category)?.severity,
        );
        if (severities.includes(undefined)) {
          throw new ModelError(`The content safety service said nothing of ${category}.`, {
            kind: "invalid",
          });
        }
        return Math.max(0, ...severities.map((severity) => severity ?? 0));
      };
      return {
        Hate: worst("Hate"),
        SelfHarm: worst("SelfHarm"),
        Sexual: worst("Sexual"),
        Violence: worst("Violence"),
      };
    },
    async findAttacks({ prompt, documents }, context) {
      const prompts = partsOf(prompt);
      const parts = documents.flatMap(partsOf);
      const shields = await Promise.all(
        Array.from({ length: Math.max(prompts.length, parts.length) }, (_, index) => {
          const body = { userPrompt: prompts[index] ?? "", documents: parts.slice(index, index + 1) };
          return post("text:shieldPrompt", body, shieldSchema, context);
        }),
      );
      return {
        prompt: shields.some(({ userPromptAnalysis }) => userPromptAnalysis.attackDetected),
        documents: shields.some(({ documentsAnalysis }) =>
          documentsAnalysis.some(({ attackDetected }) => attackDetected),
        ),
      };
    },
    async isProtected(text, context) {
      const parts = partsOf(text).filter((part) => Array.from(part).length >= SHORTEST_PROTECTED);
      if (parts.length === 0) return undefined;
      try {
        const found = await Promise.all(
          parts.map((part) => post("text:detectProtectedMaterial", { text: part }, protectedSchema, context)),
        );
        return found.some(({ protectedMaterialAnalysis }) => protectedMaterialAnalysis.detected);
      } catch (error) {
        // Not offered in every region.
        if (error instanceof ModelError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

/** Loaded with the first call: a cold start without safety evaluators does without. */
async function connect(
  { endpoint, apiKey }: ContentSafetySettings,
  credential: LazyCredential,
): Promise<ContentSafetyClient> {
  const { default: createClient } = await import("@azure-rest/ai-content-safety");
  return createClient(endpoint.replace(/\/+$/, ""), apiKey === undefined ? credential : { key: apiKey }, {
    apiVersion: API_VERSION,
    retryOptions: { maxRetries: 0 },
    allowInsecureConnection: endpoint.startsWith("http:"),
  });
}

async function once<T>(
  client: ContentSafetyClient,
  operation: string,
  body: object,
  schema: z.ZodType<T>,
  { signal }: CallContext,
): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const abortSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const fail = (kind: ModelErrorKind, message: string, cause: unknown, status?: number): ModelError =>
    new ModelError(`The content safety service failed at ${operation}: ${message}`, {
      kind,
      cause,
      ...(status === undefined ? {} : { status }),
    });
  let reply: Awaited<ReturnType<ReturnType<ContentSafetyClient["pathUnchecked"]>["post"]>>;
  try {
    reply = await client.pathUnchecked(`/${operation}`).post({ body, abortSignal });
  } catch (error) {
    const kind = signal?.aborted === true ? "aborted" : timeout.aborted ? "timeout" : "unavailable";
    throw fail(kind, messageOf(error), error);
  }
  const status = Number(reply.status);
  if (status !== 200) {
    const headers = new Headers(reply.headers);
    throw fail(kindOf(status), `HTTP ${status}${saidIn(reply.body)}${hintFor(status)}`, { headers }, status);
  }
  const parsed = schema.safeParse(reply.body);
  if (!parsed.success) throw fail("unavailable", "its answer is of an unknown form", parsed.error);
  return parsed.data;
}

function kindOf(status: number): ModelErrorKind {
  if (status === 429) return "throttled";
  if (status === 408) return "timeout";
  return status >= 500 ? "unavailable" : "invalid";
}

function saidIn(body: unknown): string {
  const message = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  return typeof message === "string" ? `: ${message.slice(0, 500)}` : "";
}

function hintFor(status: number): string {
  return status === 401 || status === 403
    ? " Check AZURE_CONTENT_SAFETY_KEY, or give the app's identity the role Cognitive Services User."
    : "";
}

/** A text in parts of what the service reads at once. */
function partsOf(text: string): string[] {
  if (text.length <= LONGEST) return [text];
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / LONGEST) }, (_, index) =>
    characters.slice(index * LONGEST, (index + 1) * LONGEST).join(""),
  );
}
