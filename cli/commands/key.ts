import { createHash, randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { ROLES, type Role } from "../../shared/model/access.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { runCommand } from "../run-command.ts";

/** `flowgate key <name> --role operator` */
export function addKey(program: Command): void {
  const command = program
    .command("key")
    .description("make a key that opens a deployment, and the setting that lets it in")
    .argument("<name>", "whose it is, as the ledger names them: ci, dashboard, shop-website")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addOption(new Option("--role <role>", "what it may do (required)").choices(ROLES).makeOptionMandatory())
    .addHelpText(
      "after",
      "\nNothing is stored or sent: the key is shown once, and the setting holds its hash alone.",
    );
  command.action((name: string, { role, json = false }: { role: Role; json?: boolean }) =>
    runCommand({ json }, ({ output }) => {
      const key = `fg-${randomBytes(32).toString("base64url")}`;
      const sha256 = createHash("sha256").update(key).digest("hex");
      const setting = JSON.stringify({ [name]: { role, sha256 } });
      if (output.json) output.printJson({ name, role, key, sha256 });
      else
        output.print(
          `Key (shown once; clients send it as "authorization: Bearer ...", the command takes it from FLOWGATE_KEY)\n` +
            `  ${key}\nSetting (add it to what FLOWGATE_KEYS holds already)\n  FLOWGATE_KEYS='${setting}'`,
        );
      return Promise.resolve(EXIT_CODE.pass);
    }),
  );
}
