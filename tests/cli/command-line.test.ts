import { expect, test } from "vitest";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgateProcess as flowgate, temporaryFolder } from "./run-flowgate.ts";
import { status } from "./samples.ts";
import { folderWith, SHOP } from "./sample-flow.ts";

const COMMANDS = ["validate", "push", "status", "report", "history", "chat", "rollback", "doctor"];

test("a Node that cannot run TypeScript is told so in one line", async () => {
  const { code, stderr } = await flowgate(["status"], { nodeOptions: ["--no-strip-types"] });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^flowgate needs Node 22\.18 or newer.*\n$/);
});

test("under npm, which runs it in the repository's root, paths are meant from where they are typed", async () => {
  const folder = await folderWith(SHOP);
  const environment = { npm_lifecycle_event: "flowgate", INIT_CWD: folder };
  const { code, stdout } = await flowgate(["validate"], { environment });
  expect([code, stdout]).toEqual([0, expect.stringContaining("shop is valid")]);
});

test("help lists every command and the exit codes", async () => {
  const { code, stdout } = await flowgate(["--help"]);
  expect(code).toBe(0);
  for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command} `);
  expect(stdout).toContain("0 pass, 1 fail, 2 error, 3 inconclusive");
});

test("every command has its own help and --json", async () => {
  const helps = await Promise.all(COMMANDS.map((command) => flowgate([command, "--help"])));
  expect(helps.map(({ code }) => code)).toEqual(COMMANDS.map(() => 0));
  for (const [index, { stdout }] of helps.entries()) {
    expect(stdout).toContain(`Usage: flowgate ${COMMANDS[index]}`);
    expect(stdout).toContain("--json");
  }
});

test("an unknown command or option is an error of use, exit code 2", async () => {
  expect(await flowgate(["promote"])).toMatchObject({ code: 2, stdout: "" });
  const { code, stderr } = await flowgate(["status", "--jsno"]);
  expect(code).toBe(2);
  expect(stderr).toContain("--json");
});

test("where nothing answers the command says how to start a platform, without a stack", async () => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await flowgate(["status"], {
    folder,
    environment: { FLOWGATE_PORT: "1" },
  });
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "error: Nothing answers at http://127.0.0.1:1. Start the platform with `npm start`, or name one with --url.\n",
  );
});

test("--debug adds where an error comes from", async () => {
  const { stderr } = await flowgate(["status", "--url", "http://127.0.0.1:1", "--debug"]);
  expect(stderr).toContain("management-api.ts");
});

test("with --json an error is one JSON document on stdout", async () => {
  const { code, stdout } = await flowgate(["history", "shop", "--json", "--url", "http://127.0.0.1:1"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringContaining("Nothing answers") } });
});

test("with --json the words of a call that is off are told without a prefix, as other errors are", async () => {
  const { code, stdout } = await flowgate(["pause", "shop", "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringMatching(/^required option/) } });
});

test("an option that a command cannot do without says so in its help", async () => {
  for (const [command, option] of [
    ["pause", "--reason <text>"],
    ["rollback", "--reason <text>"],
    ["key", "--role <role>"],
  ] as const) {
    const { stdout } = await flowgate([command, "--help"]);
    expect(stdout.split("\n").find((line) => line.includes(option))).toContain("(required)");
  }
});

test("a switch of a flow takes no rollout", async () => {
  expect((await flowgate(["stop", "--help"])).stdout).not.toContain("--rollout");
  expect((await flowgate(["pause", "--help"])).stdout).toContain("--rollout");
});

test("help on a command that there is not says so", async () => {
  const { code, stderr } = await flowgate(["help", "stauts"]);
  expect(code).toBe(2);
  expect(stderr).toContain("unknown command 'stauts'\n(Did you mean status?)");
});

test("a missing and a wrong key are told apart", async () => {
  const { url } = await startFakePlatform({});
  expect((await flowgate(["status", "--url", url])).stderr).toContain("asks for a key");
  expect((await flowgate(["status", "--url", url, "--key", "wrong"])).stderr).toContain("refuses the key");
});

test("what answers and is not Flowgate is said", async () => {
  const { environment } = await startFakePlatform({ "GET /api/flows": () => ({ text: "<html>" }) });
  const { code, stderr } = await flowgate(["status"], { environment });
  expect(code).toBe(2);
  expect(stderr).toContain("is not Flowgate");
});

test("a malformed setting names its variable", async () => {
  const { code, stderr } = await flowgate(["status"], { environment: { FLOWGATE_PORT: "many" } });
  expect(code).toBe(2);
  expect(stderr).toContain("FLOWGATE_PORT");
});

test("no colours where the output is no terminal", async () => {
  const { environment } = await startFakePlatform({ "GET /api/flows/shop": () => ({ json: status() }) });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("shop@bbbbbbbbbbbb");
  expect(stdout).not.toContain("\u001b");
});
