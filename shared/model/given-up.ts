/** `registry/.poison/<queue>/<id>.json`: a message that no try could mend. */
export interface GivenUpMessage {
  queue: string;
  reason: string;
  message: unknown;
  /** ISO 8601. */
  at: string;
  /** Who put it back into its queue, and when. */
  replayed?: { by: string; at: string } | undefined;
}

/** `GET /api/given-up`: what waits for somebody to mend its cause, the oldest first. */
export interface GivenUpList {
  messages: { queue: string; id: string; reason: string; at: string }[];
}

/** `POST /api/given-up/{queue}/{id}`. */
export interface ReplayedMessage {
  queue: string;
  id: string;
}
