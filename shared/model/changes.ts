/** What differs between two snapshots of a flow, `before` and `after`. */
export interface Changes {
  /** Prompts first, then by path. */
  files: FileChange[];
  /** Files that differ beyond those. */
  moreFiles: number;
  /** Model, parameters, steps, evaluators, gate: values by their dotted name. */
  settings: SettingChange[];
}

export interface FileChange {
  path: string;
  role: "prompt" | "knowledge" | "dataset";
  kind: "added" | "removed" | "changed";
  /** Lines added and removed; undefined where `diff` is. */
  added: number | undefined;
  removed: number | undefined;
  /** Undefined where there is none to show: `note` says why. */
  diff: DiffLine[] | undefined;
  note: string | undefined;
}

/**
 * One line of a unified diff: a hunk's head, a line that stays, goes, or comes. For people: a character that cannot be
 * seen is named in its place, as `⟨U+200B zero-width space⟩`.
 */
export interface DiffLine {
  kind: "hunk" | "same" | "removed" | "added";
  text: string;
}

/** A value that was set, unset or set to something else; undefined: not set. */
export interface SettingChange {
  name: string;
  before: string | undefined;
  after: string | undefined;
}
