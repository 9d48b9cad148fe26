/** Which files of a flow's folder were edited since they were last taken. */
export interface FlowEdits {
  /** An event of the watcher about a file, by its path in the folder. */
  saw(event: string, file: string): void;
  /** Whether nothing was edited. */
  isEmpty(): boolean;
  take(): string[];
}

/** A file that came and went was no edit: editors and tools write one beside a file, to take its place. */
export function collectEdits(): FlowEdits {
  const first = new Map<string, string>();
  return {
    saw(event, file) {
      if (event.endsWith("Dir")) return;
      if (event === "unlink" && first.get(file) === "add") first.delete(file);
      else first.set(file, first.get(file) ?? event);
    },
    isEmpty: () => first.size === 0,
    take() {
      const files = [...first.keys()];
      first.clear();
      return files;
    },
  };
}
