import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROLES } from "../../shared/model/access.ts";

const SIGN_IN = path.resolve(import.meta.dirname, "../../infra/sign-in");
let folder: string;

/** Stands for `az` and `azd`: notes what was asked, and answers what `answers` has for the words it is asked with. */
const FAKE = `#!/bin/sh
echo "$(basename "$0") $*" | tr '\\n' ' ' >> "$FAKES/asked"
echo >> "$FAKES/asked"
case "$*" in
  *"appRoles[?value=='Flowgate.Reader']"*) echo reader-role ;;
  *"appRoles[?value=='Flowgate.Operator']"*) echo operator-role ;;
  *"appRoles[?"*) ;;
  *"--method GET"*) cat "$FAKES/given" ;;
  *"ad app create"*) echo app-id ;;
  *"ad app show"*) echo app-object ;;
  *"ad sp show --id client-"*) echo "principal of $5" ;;
  *"ad sp show"*) echo service ;;
  *"signed-in-user"*) echo ada ;;
  *"query tenantId"*) echo tenant ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flowgate-sign-in-"));
  for (const name of ["az", "azd"]) {
    writeFileSync(path.join(folder, name), FAKE);
    chmodSync(path.join(folder, name), 0o755);
  }
  writeFileSync(path.join(folder, "given"), "");
  writeFileSync(path.join(folder, "asked"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, words: string[], environment: Record<string, string>): string[] {
  const env = { PATH: `${folder}:${process.env["PATH"]}`, FAKES: folder, ...environment };
  execFileSync("sh", [path.join(SIGN_IN, script), ...words], { env, stdio: "pipe" });
  return readFileSync(path.join(folder, "asked"), "utf8").split("\n").filter(Boolean);
}

test("the roles that are declared are those that the code knows", () => {
  const declared = JSON.parse(readFileSync(path.join(SIGN_IN, "app-roles.json"), "utf8")) as {
    value: string;
  }[];
  const words = declared.map(({ value }) => value.toLowerCase().replace("flowgate.", ""));
  expect(new Set(words)).toEqual(new Set(ROLES));
});

test("an application is registered once, and who registers it is an operator", () => {
  const asked = run("register.sh", [], { AZURE_ENV_NAME: "shop" });
  expect(asked.find((line) => line.startsWith("az ad app create"))).toContain("--display-name Flowgate shop");
  expect(asked).toEqual(
    expect.arrayContaining([
      expect.stringContaining("azd env set FLOWGATE_ENTRA_TENANT tenant"),
      expect.stringContaining("azd env set FLOWGATE_ENTRA_AUDIENCE app-id"),
      expect.stringMatching(
        /--method POST .*"principalId": "ada", "resourceId": "service", "appRoleId": "operator-role"/,
      ),
    ]),
  );
  writeFileSync(path.join(folder, "asked"), "");
  expect(run("register.sh", [], { AZURE_ENV_NAME: "shop", FLOWGATE_ENTRA_AUDIENCE: "app-id" })).toEqual([]);
});

test("the identities of the workflows become readers, and nobody where there are none", () => {
  const environment = {
    FLOWGATE_ENTRA_AUDIENCE: "app",
    MAIN_CLIENT_ID: "client-1",
    PULL_REQUEST_CLIENT_ID: "client-2",
  };
  const given = run("assign-workflows.sh", [], environment).filter((line) => line.includes("--method POST"));
  expect(given).toEqual([
    expect.stringMatching(/"principalId": "principal of client-1".*"appRoleId": "reader-role"/),
    expect.stringMatching(/"principalId": "principal of client-2".*"appRoleId": "reader-role"/),
  ]);
  writeFileSync(path.join(folder, "asked"), "");
  expect(run("assign-workflows.sh", [], { ...environment, MAIN_CLIENT_ID: "" })).toEqual([]);
});

test("a role that is given already is not given again, and one that does not exist is named", () => {
  writeFileSync(path.join(folder, "given"), "assignment\n");
  const asked = run("assign.sh", ["ada", "Flowgate.Reader"], { FLOWGATE_ENTRA_AUDIENCE: "app" });
  expect(asked.filter((line) => line.includes("--method POST"))).toEqual([]);
  expect(() => run("assign.sh", ["ada", "Flowgate.Owner"], { FLOWGATE_ENTRA_AUDIENCE: "app" })).toThrow(
    /There is no role Flowgate\.Owner/,
  );
});
