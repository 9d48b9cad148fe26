import type { Command } from "commander";
import { deployedChecks, doctorChecks } from "../doctor-checks.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { plainText } from "../plain-text.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate doctor` */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("look at everything a flow's way to production needs, and say what to mend")
    .option(
      "--azure",
      "look at the deployment in Azure that azd's environment names, as who is signed in (az login)",
    )
    .addHelpText(
      "after",
      "\nCreates containers and queues that are missing. Asks the model for one word. With --azure it only looks, and asks the models that answer and judge for one word each (some thirty tokens).",
    );
  withCommonOptions(command).action((options: CommonOptions & { azure?: boolean }) =>
    runCommand(options, async ({ settings, output, connect, signal }) => {
      const look = options.azure ? deployedChecks : doctorChecks;
      const checks = await look(settings, await connect(), signal);
      const ok = checks.every((check) => check.ok);
      if (output.json) output.printJson({ ok, checks });
      else {
        for (const { name, ok, detail, fix } of checks) {
          const mark = ok ? output.paint("green", "✓ ok     ") : output.paint("red", "✗ problem");
          const end = fix === undefined ? "" : `. ${output.paint("dim", `Fix: ${fix}`)}`;
          output.print(`${mark} ${name.padEnd(10)} ${plainText(detail).replace(/\.$/, "")}${end}`);
        }
      }
      return ok ? EXIT_CODE.pass : EXIT_CODE.error;
    }),
  );
}
