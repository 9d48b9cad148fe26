import type { Command } from "commander";
import { createProgram } from "../cli/program.ts";

const WIDTH = 100;

/** What every command says of itself, as Markdown. */
export async function commandReference(): Promise<string> {
  const program = await createProgram("");
  return program.commands
    .toSorted((a, b) => (a.name() < b.name() ? -1 : 1))
    .flatMap((command) => [command, ...command.commands])
    .map((command) => `## ${nameOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``)
    .join("\n\n");
}

function nameOf(command: Command): string {
  const within = command.parent?.parent ? `${command.parent.name()} ` : "";
  return `flowgate ${within}${command.name()}`;
}

/** All of `--help`, at one width wherever this runs. */
function helpOf(command: Command): string {
  let text = "";
  command
    .configureOutput({
      writeOut: (written) => void (text += written),
      getOutHelpWidth: () => WIDTH,
      getOutHasColors: () => false,
    })
    .outputHelp();
  return text.trim();
}
