/** What a person at a terminal is told in one line that names the fix; ends the command with exit code 2. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}
