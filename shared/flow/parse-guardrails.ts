import type { z } from "zod";
import { foldText } from "../guardrails/fold-text.ts";
import { HARMS, type Guardrail, type Guardrails, type Harm } from "../model/guardrails.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { GUARDRAIL_DEFAULTS, guardrailsSchema } from "./guardrails-schema.ts";

type Written = z.infer<typeof guardrailsSchema>;
type WrittenGuardrail = NonNullable<Written["input"]>[number];

/**
 * Reads `guardrails` with every default filled in: a version keeps what it was judged with. What is of another form than
 * the schema asks for has been reported.
 */
export function parseGuardrails(
  written: unknown,
  context: Pick<FlowContext, "yaml" | "findings" | "known">,
): Guardrails | undefined {
  if (written === undefined) return undefined;
  const parsed = guardrailsSchema.safeParse(written);
  if (!parsed.success) return undefined;
  const { input, output, whenUnavailable, answer } = parsed.data;
  const guardrails: Guardrails = {
    input: guardrailsOf("input", input ?? [...GUARDRAIL_DEFAULTS.input], context),
    output: guardrailsOf("output", output ?? [...GUARDRAIL_DEFAULTS.output], context),
    whenUnavailable: whenUnavailable ?? GUARDRAIL_DEFAULTS.whenUnavailable,
    answer: answer ?? GUARDRAIL_DEFAULTS.answer,
  };
  if (context.known.contentSafety === false) warnOfMissingService(guardrails, context);
  return guardrails;
}

/** The answers that are scored after they were sent, and the least score. It changes no answer, so no version either. */
export function sampledGroundedness(
  written: unknown,
): { sample: string | number; atLeast: number } | undefined {
  const asked = guardrailsSchema.safeParse(written).data?.groundedness;
  return (
    asked && {
      sample: asked.sample ?? GUARDRAIL_DEFAULTS.sample,
      atLeast: asked.atLeast ?? GUARDRAIL_DEFAULTS.atLeast,
    }
  );
}

function warnOfMissingService(
  { input, output, whenUnavailable }: Guardrails,
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): void {
  if (![...input, ...output].some(({ kind }) => kind === "harm")) return;
  const what = whenUnavailable === "closed" ? "every turn is blocked" : "harm is not checked";
  findings.warning(
    FLOW_FILE,
    yaml.placeOf(["guardrails"], "key"),
    `No Azure AI Content Safety is connected, so ${what} (whenUnavailable: ${whenUnavailable}).`,
    "Set AZURE_CONTENT_SAFETY_ENDPOINT in the app's settings.",
  );
}

function guardrailsOf(
  stage: "input" | "output",
  list: readonly WrittenGuardrail[],
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): Guardrail[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const at = ["guardrails", stage, index];
    const read = typeof entry === "string" ? [named(entry)] : toldOf(entry);
    for (const { kind } of read) {
      const place = yaml.placeOf(at);
      if (seen.has(kind)) {
        findings.error(FLOW_FILE, place, `The guardrail ${kind} is listed twice.`, "Remove one of the two.");
      }
      seen.add(kind);
    }
    for (const guardrail of read) {
      if (guardrail.kind !== "blocked_terms") continue;
      for (const [term, text] of guardrail.terms.entries()) {
        if (/[\p{L}\p{N}]/u.test(foldText(text))) continue;
        findings.error(
          FLOW_FILE,
          yaml.placeOf([...at, "blocked_terms", term]),
          `The term ${JSON.stringify(text)} has neither a letter nor a digit.`,
          "Name a word or a phrase.",
        );
      }
    }
    return read;
  });
}

function named(kind: Exclude<WrittenGuardrail, object>): Guardrail {
  if (kind === "harm") return harmOf({});
  return kind === "personal_data" ? personalDataOf({}) : { kind };
}

function toldOf(entry: Extract<WrittenGuardrail, object>): Guardrail[] {
  const { harm, personal_data: personalData, blocked_terms: terms } = entry;
  return [
    ...(harm ? [harmOf(harm)] : []),
    ...(personalData ? [personalDataOf(personalData)] : []),
    ...(terms ? [{ kind: "blocked_terms", terms } as const] : []),
  ];
}

function harmOf(written: Partial<Record<Harm, number | undefined>>): Guardrail {
  const severities = HARMS.map((harm) => [harm, written[harm] ?? GUARDRAIL_DEFAULTS.severity] as const);
  return { kind: "harm", severities: Object.fromEntries(severities) as Record<Harm, number> };
}

type PersonalData = Extract<Guardrail, { kind: "personal_data" }>;

function personalDataOf(written: { [Key in "kinds" | "allow"]?: PersonalData[Key] | undefined }): Guardrail {
  const { kinds = [...GUARDRAIL_DEFAULTS.kinds], allow = [] } = written;
  return { kind: "personal_data", kinds, allow };
}
