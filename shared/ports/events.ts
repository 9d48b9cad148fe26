/** The events Flowgate publishes to its Event Grid topic. */
export type FlowgateEventType =
  | "Flowgate.ChangeRefused"
  | "Flowgate.RunCompleted"
  | "Flowgate.Promoted"
  | "Flowgate.Rejected"
  | "Flowgate.Recertified"
  | "Flowgate.RecertificationFailed"
  | "Flowgate.RecertificationUndecided"
  | "Flowgate.RolledBack"
  | "Flowgate.ReleaseBlocked"
  | "Flowgate.ReleaseUnblocked"
  | "Flowgate.ApprovalRequired"
  | "Flowgate.CanaryStarted"
  | "Flowgate.CanaryAdvanced"
  | "Flowgate.Paused"
  | "Flowgate.Resumed"
  | "Flowgate.RollingBack"
  | "Flowgate.Succeeded"
  | "Flowgate.Stopped"
  | "Flowgate.ServedAgain";

export interface FlowgateEvent {
  /** The same for the same fact: a subscriber drops what it has seen. */
  id: string;
  type: FlowgateEventType;
  /** `flows/<flow>` or `flows/<flow>/runs/<run>`. */
  subject: string;
  time: Date;
  data: Record<string, unknown>;
}

/** Publishes at least once. */
export interface Events {
  publish(event: FlowgateEvent): Promise<void>;
}
