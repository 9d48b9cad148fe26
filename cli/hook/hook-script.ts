const BEGIN = "# >>> flowgate";
const END = "# <<< flowgate";
const SECTION = new RegExp(`${BEGIN}[\\s\\S]*?${END}[^\n]*\n?`);
const SHELLS = new Set(["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"]);

/**
 * A hook with the part that pushes after a commit, in the place of an older one. It comes first, because a hook may end
 * anywhere, and changes nothing of what follows: neither its input nor its exit code, nor what its `wait` waits for.
 */
export function withSection(hook: string | undefined, command: string, nodeFolder: string): string {
  const rest = withoutSection(hook ?? "#!/bin/sh\n");
  // A line of Windows ends in a carriage return, which `.` would leave behind as a line of its own.
  const [shebang = ""] = /^#![^\n]*\n?/.exec(rest) ?? [];
  const head = shebang === "" || shebang.endsWith("\n") ? shebang : `${shebang}\n`;
  return `${head}${[
    `${BEGIN}: pushes the flows that a commit changed; \`flowgate hook uninstall\` takes this out again`,
    shellLines(command, nodeFolder),
    END,
    "",
  ].join("\n")}${rest.slice(shebang.length)}`;
}

/**
 * What the part does, in the background and cut loose from the terminal: a commit neither waits for it nor fails with
 * it. The folder of Node is looked in last, for commits from an editor that knows no other.
 */
export function shellLines(command: string, nodeFolder: string): string {
  return `( {
  PATH="$PATH":${quoted(inShell(nodeFolder))}; export PATH; code=0
  ${command} hook run || code=$?
  case $code in 0 | 2 | 3) ;; *)
    echo "flowgate: nothing was pushed: this hook cannot run" ${quoted(command)} "(status $code)." \\
      "Install what is missing, or run 'flowgate hook install' again." ;;
  esac
} >>"$(git rev-parse --git-path flowgate-hook.log)" 2>&1 </dev/null & ) || true`;
}

/** The hook without that part. */
export function withoutSection(hook: string): string {
  return hook.replace(SECTION, "");
}

/** Whether a hook does nothing but begin. */
export function isEmptyHook(hook: string): boolean {
  return hook.split("\n").every((line) => line.trim() === "" || line.startsWith("#!"));
}

/** What runs the hook where that is no shell that reads `sh`'s language; undefined where it is one. */
export function foreignInterpreter(hook: string): string | undefined {
  if (hook.includes("\0")) return "the machine itself";
  const [program, ...words] = /^#!\s*(.*)/.exec(hook)?.[1]?.trim().split(/\s+/) ?? [];
  if (program === undefined) return undefined; // Git gives it to `sh`.
  const isRunner = /(?:^|[/\\])(?:env|busybox)$/.test(program);
  const named = isRunner ? words.find((word) => !word.startsWith("-") && !word.includes("=")) : program;
  const name = (named ?? program).split(/[/\\]/).at(-1) ?? program;
  return SHELLS.has(name.replace(/\.exe$/, "")) ? undefined : name;
}

/** A folder of Windows as the shell of Git for Windows names it: a drive's colon would part the PATH in two. */
function inShell(folder: string): string {
  const [, drive, rest] = /^([A-Za-z]):[\\/](.*)$/.exec(folder) ?? [];
  return drive === undefined ? folder : `/${drive.toLowerCase()}/${rest?.replaceAll("\\", "/")}`;
}

/** A word of a shell as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
