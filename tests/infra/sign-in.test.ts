import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { ROLES } from "../../shared/model/access.ts";

const SIGN_IN = path.resolve(import.meta.dirname, "../../infra/sign-in");
const ROOT = path.resolve(import.meta.dirname, "../..");
let folder: string;
/** What the last script told people. */
let told: string;

/** Stands for `az` and `azd`: notes what was asked, and answers what `answers` has for the words it is asked with. */
const FAKE = `#!/bin/sh
echo "$(basename "$0") $*" | tr '\\n' ' ' >> "$FAKES/asked"
echo >> "$FAKES/asked"
case "$*" in
  *"--method POST"*"appRoleAssignedTo"*) [ ! -f "$FAKES/denied" ] || { cat "$FAKES/denied" >&2; exit 1; } ;;
  *"ad sp show --id client-"*)
    left=$(cat "$FAKES/unknown" 2>/dev/null || echo 0)
    if [ "$left" -gt 0 ]; then
      echo $((left - 1)) > "$FAKES/unknown"
      echo "ERROR: Resource does not exist or one of its queried reference-property objects are not present." >&2
      exit 3
    fi
    echo "principal of $5" ;;
  *"appRoles[?value=='Flowgate.Reader']"*) echo reader-role ;;
  *"appRoles[?value=='Flowgate.Operator']"*) echo operator-role ;;
  *"appRoles[?"*) ;;
  *"--method GET"*) cat "$FAKES/given" ;;
  *"ad app create"*) echo app-id ;;
  *"ad app show"*) echo app-object ;;
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
  const { status, stderr } = spawnSync("sh", [path.resolve(SIGN_IN, script), ...words], {
    env,
    encoding: "utf8",
  });
  told = stderr;
  if (status !== 0) throw new Error(stderr);
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

const WORKFLOWS = {
  FLOWGATE_ENTRA_AUDIENCE: "app",
  MAIN_CLIENT_ID: "client-1",
  PULL_REQUEST_CLIENT_ID: "client-2",
  FLOWGATE_RETRY_SECONDS: "0",
};

test("an identity that is not known everywhere yet is asked for again", () => {
  writeFileSync(path.join(folder, "unknown"), "3");
  const asked = run("assign-workflows.sh", [], WORKFLOWS);
  expect(asked.filter((line) => line.includes("--method POST"))).toHaveLength(2);
  expect(asked.filter((line) => line.includes("ad sp show --id client-1"))).toHaveLength(4);
});

test("who may not assign roles is told who has to run what, and the deployment goes on", () => {
  writeFileSync(
    path.join(folder, "denied"),
    "Forbidden: Authorization_RequestDenied: Insufficient privileges",
  );
  const asked = run("assign-workflows.sh", [], WORKFLOWS);
  expect(asked.filter((line) => line.includes("--method POST"))).toHaveLength(1);
  expect(told).toContain("azd env exec -- sh infra/sign-in/assign-workflows.sh");
  expect(told).toContain("Authorization_RequestDenied");
});

test("the month in which a budget begins is noted once, and only where there is a budget", () => {
  const script = "../pin-budget.sh";
  expect(run(script, [], {})).toEqual([]);
  expect(run(script, [], { FLOWGATE_MONTHLY_BUDGET: "0" })).toEqual([]);
  expect(run(script, [], { FLOWGATE_MONTHLY_BUDGET: "100", FLOWGATE_BUDGET_START: "2026-01-01" })).toEqual(
    [],
  );
  expect(run(script, [], { FLOWGATE_MONTHLY_BUDGET: "100" })).toEqual([
    expect.stringMatching(/^azd env set FLOWGATE_BUDGET_START \d{4}-\d{2}-01 $/),
  ]);
});

test("who isolates the network has the provider registered that its subnets go to, or is told to", () => {
  const script = "../register-provider.sh";
  const environment = { AZURE_SUBSCRIPTION_ID: "ours", FLOWGATE_ISOLATE_NETWORK: "true" };
  expect(run(script, [], { ...environment, FLOWGATE_ISOLATE_NETWORK: "false" })).toEqual([]);
  expect(run(script, [], environment)).toEqual([
    "az provider register --namespace Microsoft.App --wait --subscription ours ",
  ]);
  writeFileSync(path.join(folder, "az"), "#!/bin/sh\necho 'AuthorizationFailed' >&2\nexit 1\n");
  run(script, [], environment);
  expect(told).toContain("az provider register --namespace Microsoft.App --subscription ours");
  expect(told).toContain("What was said: AuthorizationFailed");
});

test("azd's hooks run scripts that are there, and packages are installed before they build", () => {
  const { hooks } = parse(readFileSync(path.join(ROOT, "azure.yaml"), "utf8")) as {
    hooks: Record<string, { run: string }>;
  };
  const scripts = Object.values(hooks).flatMap(({ run: words }) => words.match(/\S+\.sh/g) ?? []);
  expect(scripts).toHaveLength(4);
  for (const script of scripts) expect(existsSync(path.join(ROOT, script))).toBe(true);
  writeFileSync(path.join(folder, "npm"), FAKE);
  chmodSync(path.join(folder, "npm"), 0o755);
  const env = { PATH: `${folder}:${process.env["PATH"]}`, FAKES: folder };
  const build = () => {
    writeFileSync(path.join(folder, "asked"), "");
    spawnSync("sh", ["-c", hooks["prepackage"]?.run ?? ""], { env, cwd: folder });
    return readFileSync(path.join(folder, "asked"), "utf8").split("\n").filter(Boolean);
  };
  expect(build()).toEqual(["npm ci --no-progress ", "npm run build "]);
  mkdirSync(path.join(folder, "node_modules/esbuild"), { recursive: true });
  expect(build()).toEqual(["npm run build "]);
});

test("a role that is given already is not given again, and one that does not exist is named", () => {
  writeFileSync(path.join(folder, "given"), "assignment\n");
  const asked = run("assign.sh", ["ada", "Flowgate.Reader"], { FLOWGATE_ENTRA_AUDIENCE: "app" });
  expect(asked.filter((line) => line.includes("--method POST"))).toEqual([]);
  expect(() => run("assign.sh", ["ada", "Flowgate.Owner"], { FLOWGATE_ENTRA_AUDIENCE: "app" })).toThrow(
    /There is no role Flowgate\.Owner/,
  );
});
