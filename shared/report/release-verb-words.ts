import type { ReleaseVerb } from "../model/status.ts";

/** What a person may do to a release, as the command's help and the studio say it. */
export const RELEASE_VERB_WORDS: Record<ReleaseVerb, string> = {
  approve: "let a version that waits for a person go on",
  pause: "hold a canary at its share of the sessions",
  resume: "let a paused canary go on",
  abort: "take a version back that is being rolled out",
  rollback: "take back the version that is being rolled out, else the one that production serves",
  promote: "let a version serve everybody at once, whatever is missing",
  stop: "switch a flow off: it answers nobody until `flowgate serve`",
  serve: "let a flow that was stopped answer again",
};
