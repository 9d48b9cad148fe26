import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { expect, onTestFinished, test } from "vitest";
import { makeScratchFlows } from "../e2e/scratch-flows.ts";
import { startProcess } from "../e2e/start-process.ts";
import { openInspectorSession, type InspectorSession } from "./inspector-session.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

interface Paused {
  hitBreakpoints: string[];
  callFrames: { location: { lineNumber: number } }[];
}

/** What VS Code does to attach to every process: a script in NODE_OPTIONS opens the inspector and says where. */
async function bootloader(): Promise<{ file: string; urls: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-debug-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const urls = path.join(folder, "urls.txt");
  const file = path.join(folder, "bootloader.cjs");
  await writeFile(
    file,
    `if (require("node:worker_threads").isMainThread) {
      const inspector = require("node:inspector");
      inspector.open(0, "127.0.0.1");
      require("node:fs").appendFileSync(${JSON.stringify(urls)}, process.argv[1] + " " + inspector.url() + "\\n");
    }`,
  );
  return { file, urls };
}

/** Sets a breakpoint as an editor does, by file and line, and waits until a request stops there. */
async function stopAt(
  session: InspectorSession,
  file: string,
  code: string,
  request: () => Promise<Response>,
): Promise<{ breakpointId: string; paused: Paused; line: number; response: Response }> {
  const source = await readFile(path.join(REPOSITORY, file), "utf8");
  const line = source.split("\n").findIndex((text) => text.includes(code));
  expect(line, `${file} has no line with ${code}`).toBeGreaterThan(-1);
  const { breakpointId } = await session.send<{ breakpointId: string }>("Debugger.setBreakpointByUrl", {
    url: pathToFileURL(path.join(REPOSITORY, file)).href,
    lineNumber: line,
  });
  const stopped = session.next<Paused>("Debugger.paused");
  const answered = request();
  const paused = await stopped;
  await session.send("Debugger.removeBreakpoint", { breakpointId });
  await session.send("Debugger.resume");
  return { breakpointId, paused, line, response: await answered };
}

test("a breakpoint in a function and one in a stage stop the platform that launch.json starts", async () => {
  const launch = parse(
    await readFile(path.join(REPOSITORY, ".vscode/launch.json"), "utf8").then(withoutComments),
  ) as {
    configurations: {
      name: string;
      program: string;
      autoAttachChildProcesses: boolean;
      skipFiles: string[];
    }[];
  };
  const configuration = launch.configurations.find(({ name }) => name === "Embedded platform");
  expect(configuration).toMatchObject({
    program: "${workspaceFolder}/local/start.mjs",
    autoAttachChildProcesses: true,
  });

  const { file, urls } = await bootloader();
  await using scratch = await makeScratchFlows();
  await using started = startProcess({
    data: path.join(scratch.root, "data"),
    flows: scratch.flows,
    environment: { NODE_OPTIONS: `--require ${file}` },
  });
  const { host } = await started.addresses();
  const url = await appInspector(urls);
  using session = await openInspectorSession(url);
  await session.send("Debugger.enable");

  for (const [place, code] of [
    ["functions/models.ts", "await answer(request)"],
    ["pipelines/chat/list-models.ts", "await catalog.flows()"],
  ] as const) {
    const request = (): Promise<Response> => fetch(`${host}/v1/models`);
    const { breakpointId, paused, line, response } = await stopAt(session, place, code, request);
    expect(paused.hitBreakpoints).toEqual([breakpointId]);
    expect(paused.callFrames[0]?.location.lineNumber).toBe(line);
    expect(response.status).toBe(200);
  }
});

/** Where the debugger reaches the app process. */
async function appInspector(urls: string): Promise<string> {
  for (;;) {
    const lines = (await readFile(urls, "utf8").catch(() => "")).split("\n");
    const app = lines.find((line) => line.includes(path.join("local", "app", "main.ts")));
    if (app !== undefined && app.includes("ws://")) return app.slice(app.indexOf("ws://"));
    await sleep(20);
  }
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\/.*$/gm, "");
}
