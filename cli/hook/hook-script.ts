const BEGIN = "# >>> flowgate";
const END = "# <<< flowgate";
const SECTION = new RegExp(`\n?${BEGIN}[\\s\\S]*?${END}[^\n]*\n?`);

/** A hook with the part that pushes after a commit: added at its end, or put in the place of an older one. */
export function withSection(hook: string | undefined, command: string): string {
  const rest = hook === undefined ? "#!/bin/sh\n" : withoutSection(hook).replace(/\n*$/, "\n");
  return `${rest}${[
    "",
    `${BEGIN}: pushes the flows that a commit changed; \`flowgate hook uninstall\` takes this out again`,
    // In the background and cut loose from the terminal: a commit neither waits for it nor fails with it.
    `( ${command} hook run >>"$(git rev-parse --git-path flowgate-hook.log)" 2>&1 </dev/null & ) || true`,
    END,
    "",
  ].join("\n")}`;
}

/** The hook without that part. */
export function withoutSection(hook: string): string {
  return hook.replace(SECTION, "\n").replace(/\n{2,}$/, "\n");
}

/** Whether a hook does nothing but begin. */
export function isEmptyHook(hook: string): boolean {
  return hook.split("\n").every((line) => line.trim() === "" || line.startsWith("#!"));
}

/** A word of a shell as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
