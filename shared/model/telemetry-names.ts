/**
 * OpenTelemetry's names for calls to models. The conventions still change: every name Flowgate uses stands here and
 * nowhere else. https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export {
  ATTR_GEN_AI_CONVERSATION_ID as CONVERSATION_ID,
  ATTR_GEN_AI_EVALUATION_NAME as EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL as EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE as EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_INPUT_MESSAGES as INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME as OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES as OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME as PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL as REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS as RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_MODEL as RESPONSE_MODEL,
  ATTR_GEN_AI_TOKEN_TYPE as TOKEN_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS as USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS as USAGE_OUTPUT_TOKENS,
  ATTR_SERVER_ADDRESS as SERVER_ADDRESS,
  EVENT_GEN_AI_EVALUATION_RESULT as EVALUATION_RESULT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT as OPERATION_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS as OPERATION_EMBEDDINGS,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI as PROVIDER_AZURE_OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI as PROVIDER_OPENAI,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION as OPERATION_DURATION,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK as TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE as TOKEN_USAGE,
} from "@opentelemetry/semantic-conventions/incubating";

/** Flowgate's own attributes, for what the exporter drops or the conventions lack. */
export const FLOWGATE_FLOW = "flowgate.flow";
export const FLOWGATE_VERSION = "flowgate.version";
export const FLOWGATE_PURPOSE = "flowgate.purpose";
/** Whether an evaluation was of a dataset's row (`offline`) or of a turn of production (`online`). */
export const FLOWGATE_SOURCE = "flowgate.evaluation.source";
/** The exporter drops `error.type`; dashboards go by this one. */
export const FLOWGATE_ERROR = "flowgate.error";
/** Which guardrail blocked a turn or could not be asked, of what, and why; never what was said. */
export const GUARDRAIL = "flowgate.guardrail";
export const GUARDRAIL_STAGE = "flowgate.guardrail.stage";
export const GUARDRAIL_CATEGORY = "flowgate.guardrail.category";
/** Calls it took, retries included. */
export const FLOWGATE_ATTEMPTS = "flowgate.attempts";
/** Whose share of a rollout's sessions was served: `stable` or `canary`. */
export const FLOWGATE_ARM = "flowgate.arm";
/** US dollars. */
export const FLOWGATE_COST = "flowgate.cost";
/** A histogram's percentiles do not survive the exporter: dashboards take them from spans that carry this (milliseconds). */
export const FIRST_TOKEN_MS = "flowgate.time_to_first_token_ms";
/** US dollars of a call that was answered, by the list of prices. */
export const MODEL_COST = "flowgate.model.cost";
/** Tries of a call that failed, by kind: a 429 that a wait mended is nowhere else. */
export const FAILED_ATTEMPT = "flowgate.model.failed_attempt";
/** Messages that a queue holds, and seconds that the first of them has waited. */
export const QUEUE_MESSAGES = "flowgate.queue.messages";
export const QUEUE_AGE = "flowgate.queue.age";
