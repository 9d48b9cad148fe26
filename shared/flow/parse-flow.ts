import type { Diagnostic, FlowDefinition, FlowFiles, GateRequirement } from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors, START, type Findings } from "./diagnostics.ts";
import { checkedPath, type FlowContext, type KnownNames } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { flowSchema } from "./flow-schema.ts";
import { withMeantKeys } from "./meant-keys.ts";
import { nearestName } from "./nearest-name.ts";
import { parseEvaluation, type ReadEvaluation } from "./parse-evaluation.ts";
import { parseFairness, parseJudging, type ReadFairness } from "./parse-fairness.ts";
import { parseGate } from "./parse-gate.ts";
import { parseGuardrails, sampledGroundedness } from "./parse-guardrails.ts";
import { parseMonitoring } from "./parse-monitoring.ts";
import { parseRollout } from "./parse-rollout.ts";
import { parseSteps, type ReadStep } from "./parse-steps.ts";
import { parseVariants, type ReadAxis } from "./parse-variants.ts";
import { draftYaml, type ParsedYaml } from "./parse-yaml.ts";
import { isFields } from "./prompty-property.ts";
import { reportFlowIssues } from "./report-flow-issues.ts";
import { wellFormedFields } from "./well-formed-fields.ts";

/** What could be read of `flow.yaml` despite errors, so that all else can be checked in the same round. */
export interface FlowDraft {
  name: string;
  description: string | undefined;
  about: FlowDefinition["about"];
  /** Undefined where none is named that could be one. */
  prompt: string | undefined;
  steps: ReadStep[];
  /** Whether these are all. */
  allSteps: boolean;
  guardrails: FlowDefinition["guardrails"];
  variants: ReadAxis[];
  evaluation: ReadEvaluation;
  gate: GateRequirement[];
  judging: FlowDefinition["judging"];
  fairness: ReadFairness[];
  rollout: FlowDefinition["rollout"];
  monitoring: FlowDefinition["monitoring"];
  yaml: ParsedYaml;
}

/** Parses `flow.yaml`: every problem with its place, every default filled in. No definition where there are errors. */
export function parseFlow(
  files: FlowFiles,
  known: KnownNames,
): {
  definition: FlowDefinition | undefined;
  /** Undefined where the file as a whole cannot be read. */
  draft: FlowDraft | undefined;
  diagnostics: Diagnostic[];
} {
  const findings = createFindings();
  const draft = readFlow(files, known, findings);
  const definition = draft === undefined || hasErrors(findings.list) ? undefined : definitionOf(draft);
  return { definition, draft, diagnostics: findings.list };
}

/** Of a draft without errors. */
function definitionOf(draft: FlowDraft): FlowDefinition {
  const { name, description, about, prompt = "", guardrails } = draft;
  const { gate, judging, fairness, rollout, monitoring } = draft;
  const { datasets, evaluators = [], trials, scope, cluster, budget, counterfactuals } = draft.evaluation;
  return {
    name,
    description,
    ...(about && { about }),
    prompt,
    steps: draft.steps.flatMap(({ definition }) => definition ?? []),
    ...(guardrails && { guardrails }),
    variants: draft.variants.map(({ name: axis, alternatives }) => ({
      name: axis,
      alternatives: alternatives.map(({ at: _at, ...alternative }) => alternative),
    })),
    evaluation: {
      datasets: datasets.map(({ path, as }) => ({ path, as })),
      evaluators: evaluators.map(({ at: _at, ...evaluator }) => evaluator),
      trials,
      cluster,
      // Named only where it is not the usual, so that suites keep their names.
      ...(scope === "population" && { scope }),
      ...(counterfactuals.length > 0 && { counterfactuals }),
    },
    budget,
    gate,
    ...(judging && { judging }),
    ...(fairness.length > 0 && { fairness: fairness.map(({ at: _at, ...requirement }) => requirement) }),
    rollout,
    ...(monitoring && { monitoring }),
  };
}

function readFlow(files: FlowFiles, known: KnownNames, findings: Findings): FlowDraft | undefined {
  const bytes = files.get(FLOW_FILE);
  if (bytes === undefined) {
    const near = nearestName(FLOW_FILE, files.keys());
    const remedy = near === undefined ? "Add a flow.yaml to the folder." : `Rename ${near} to flow.yaml.`;
    findings.error(FLOW_FILE, START, "The flow has no flow.yaml.", remedy);
    return undefined;
  }
  const text = decodeText(FLOW_FILE, bytes, findings);
  const written = text === undefined ? undefined : draftYaml(FLOW_FILE, text, findings);
  if (written === undefined) return undefined;
  const yaml = withMeantKeys({ ...written, value: written.value ?? {} }, findings);
  const parsed = flowSchema.safeParse(yaml.value);
  if (!parsed.success) reportFlowIssues(parsed.error, yaml, findings);

  const context: FlowContext = { yaml, findings, known, files };
  const parts = isFields(yaml.value) ? yaml.value : {};
  const { name, description, about, prompt } = wellFormedFields(flowSchema, parts)?.fields ?? {};
  const evaluation = parseEvaluation(parts.evaluation, context);
  const gate = isFields(parts.gate) ? parts.gate : {};
  const requirements = parseGate(parts.gate, evaluation.evaluators, context);
  const scored = evaluation.evaluators?.map(({ name: metric }) => metric) ?? known.evaluators;
  const measured = [...scored, ...known.metrics];
  return {
    name: name ?? "",
    description,
    about: about && {
      intendedUse: about.intendedUse,
      notFor: about.notFor ?? [],
      limits: about.limits ?? [],
      contact: about.contact,
    },
    prompt: prompt === undefined ? undefined : checkedPath(prompt, ["prompt"], context),
    steps: parseSteps(parts.steps, context),
    allSteps: parts.steps === undefined || (typeof parts.steps === "object" && parts.steps !== null),
    guardrails: parseGuardrails(parts.guardrails, context),
    variants: parseVariants(parts.variants, context),
    evaluation,
    gate: requirements,
    judging: parseJudging(gate["judge"], context),
    fairness: parseFairness(gate["fairness"], measured, evaluation.counterfactuals, context),
    rollout: parseRollout(parts.rollout, requirements, context),
    monitoring: parseMonitoring(
      parts.monitoring,
      evaluation.evaluators,
      sampledGroundedness(parts.guardrails),
      context,
    ),
    yaml,
  };
}
