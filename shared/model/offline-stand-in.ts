/** What the embedded platform's model calls itself in its answers, and the words every report about it carries. */
export const OFFLINE_STAND_IN = "offline-stand-in";
export const OFFLINE_NOTICE =
  "Answered and judged by the offline stand-in, not a language model: it shows how the pipeline works, not how good the prompt is.";
