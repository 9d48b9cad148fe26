import { Command, InvalidArgumentError } from "commander";
import { CommandError } from "../command-error.ts";
import { runCommand } from "../run-command.ts";

export interface StartOptions {
  once: boolean;
  workers: number;
  port?: number;
  flows: string;
  verbose: boolean;
}

/** `flowgate start` of the package, `npm start` in the repository: the words that the embedded platform takes. */
export function startCommand(): Command {
  return new Command("start")
    .description(
      "run the whole platform on this machine: push the flows, ask the first question, watch for changes",
    )
    .showHelpAfterError("(see --help)")
    .option("--once", "end after the first answer; the exit code is that of the worst step", false)
    .option("--workers <count>", "app processes that share the work", numberBetween(1, 64), 1)
    .option("--port <port>", "of the functions (default: FLOWGATE_PORT, else 7071)", numberBetween(0, 65_535))
    .option("--flows <folder>", "where the flows are", "flows")
    .option("--verbose", "print the host's whole log", false)
    .addHelpText(
      "after",
      "\nSettings: docs/settings.md. Exit codes: 0 pass, 1 fail, 2 error, 3 inconclusive.",
    );
}

export function addStart(program: Command): void {
  program.addCommand(
    startCommand().action(() =>
      // The platform is no part of the command: what `npx flowgate` runs hands over to it before this is read.
      runCommand({}, async () => {
        throw new CommandError(
          "In the repository the platform is started by `npm start`, options after --: npm start -- --once.",
        );
      }),
    ),
  );
}

function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
