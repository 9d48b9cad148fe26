import type { Command } from "commander";
import { doctorChecks } from "../doctor-checks.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { plainText } from "../plain-text.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate doctor` */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("look at everything a flow's way to production needs, and say what to mend")
    .addHelpText("after", "\nCreates containers and queues that are missing. Asks the model for one word.");
  withCommonOptions(command).action((options: CommonOptions) =>
    runCommand(options, async ({ settings, output, connect, signal }) => {
      const checks = await doctorChecks(settings, await connect(), signal);
      const ok = checks.every((check) => check.ok);
      if (output.json) output.printJson({ ok, checks });
      else {
        for (const { name, ok, detail, fix } of checks) {
          const mark = ok ? output.paint("green", "✓ ok     ") : output.paint("red", "✗ problem");
          const end = fix === undefined ? "" : `. ${output.paint("dim", `Fix: ${fix}`)}`;
          output.print(`${mark} ${name.padEnd(9)} ${plainText(detail).replace(/\.$/, "")}${end}`);
        }
      }
      return ok ? EXIT_CODE.pass : EXIT_CODE.error;
    }),
  );
}
