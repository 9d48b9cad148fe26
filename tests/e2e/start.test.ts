import { once } from "node:events";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createManagementApi } from "../../cli/management-api.ts";
import type { LocalAddresses } from "../../local/platform.ts";
import type { FlowHistory } from "../../shared/model/status.ts";
import { makeScratchFlows, SMALL } from "./scratch-flows.ts";
import type { ScratchFlows } from "./scratch-flows.ts";
import { startProcess } from "./start-process.ts";
import type { StartProcess } from "./start-process.ts";

let scratch: ScratchFlows;
beforeAll(async () => {
  scratch = await makeScratchFlows();
});
afterAll(() => scratch[Symbol.asyncDispose]());

function start(name: string, parameters?: string[], environment?: Record<string, string>): StartProcess {
  return startProcess({
    data: path.join(scratch.root, name),
    flows: scratch.flows,
    ...(parameters && { parameters }),
    ...(environment && { environment }),
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function history({ host, key }: LocalAddresses): Promise<FlowHistory> {
  return createManagementApi({ url: host, key }, AbortSignal.timeout(60_000)).history(SMALL, 10);
}

describe("npm start", () => {
  test("says where everything is, refuses company, ends when told to and continues at the next start", async () => {
    const localJson = path.join(scratch.root, "shared/local.json");
    await using first = start("shared");
    const addresses = await first.addresses();
    expect(addresses).toEqual({
      host: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      storage: expect.stringContaining("BlobEndpoint=http://127.0.0.1:"),
      model: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
      telemetry: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      topic: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/events$/),
      pid: expect.any(Number),
      appPids: [expect.any(Number)],
      key: expect.any(String),
    });
    await first.said("Watching");
    expect(first.output).toMatch(/answered by small@[0-9a-f]{12}/);
    expect(first.errors).not.toMatch(/warning|error/);

    await using second = start("shared");
    expect(await second.ended).toBe(2);
    expect(second.errors.trim().split("\n")).toEqual([
      expect.stringMatching(
        new RegExp(`A platform already runs on .*process ${addresses.pid}.*FLOWGATE_DATA`),
      ),
    ]);
    expect(await exists(localJson)).toBe(true);

    const before = await history(addresses);
    expect(before.entries.map(({ kind }) => kind)).toEqual(["promoted"]);
    first.signal("SIGTERM");
    expect([0, 130]).toContain(await first.ended);
    expect(await exists(localJson)).toBe(false);

    await using third = start("shared");
    await third.said("Watching");
    expect(await history(await third.addresses())).toEqual(before);
    third.signal("SIGINT");
    expect([0, 130]).toContain(await third.ended);
    expect(await exists(localJson)).toBe(false);
  });

  test("an edit that it sees has in the history who made it and what was edited", async () => {
    const edited = await makeScratchFlows();
    onTestFinished(() => edited[Symbol.asyncDispose]());
    await using started = startProcess({ data: path.join(edited.root, "data"), flows: edited.flows });
    await started.said("Watching");
    const prompt = path.join(edited.small, "chat.prompty");
    await writeFile(prompt, (await readFile(prompt, "utf8")).replace("opens at 9", "opens at 8"));
    const addresses = await started.addresses();
    await expect.poll(async () => (await history(addresses)).entries.length, { timeout: 60_000 }).toBe(2);
    const [latest, first] = (await history(addresses)).entries;
    expect(first?.commit?.author).toMatch(/./);
    expect(latest?.commit).toMatchObject({ author: first?.commit?.author, message: "Edited chat.prompty" });
  });

  test("runs a change that is saved during the first push, and a Ctrl-C in the middle of that loses nothing", async () => {
    await using first = start("interrupted");
    await first.said("Pushing");
    const prompt = path.join(scratch.small, "chat.prompty");
    const text = await readFile(prompt, "utf8");
    onTestFinished(() => writeFile(prompt, text));
    await writeFile(prompt, text.replace("opens at 9", "opens at 10"));
    await first.said("Pushing", 2);
    first.signal("SIGINT");
    expect([0, 130]).toContain(await first.ended);

    await using second = start("interrupted", ["--once", "--port", "0"]);
    expect(await second.ended).toBe(0);
    expect(second.output).toContain("The shop opens at 10");
  });

  test("goes on where a killed one has left its addresses behind", async () => {
    await using first = start("killed");
    const { host } = await first.addresses();
    first.signal("SIGKILL");
    await first.ended;
    const localJson = path.join(scratch.root, "killed/local.json");
    // The number of the dead process now belongs to another one that is alive, as it happens in containers.
    const left = {
      ...(JSON.parse(await readFile(localJson, "utf8")) as LocalAddresses),
      host,
      pid: process.pid,
    };
    await writeFile(localJson, JSON.stringify(left));
    await using second = start("killed", ["--once", "--port", "0"]);
    expect(await second.ended).toBe(0);
    expect(second.output).toMatch(/answered by small@/);
  });
});

describe("what keeps it from starting is one line that names the fix", () => {
  test("a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await using started = start("taken", ["--port", String(port)]);
    expect(await started.ended).toBe(2);
    expect(started.errors.trim().split("\n")).toEqual([
      expect.stringMatching(`Port ${port} is taken.*FLOWGATE_PORT`),
    ]);
    expect(await exists(path.join(scratch.root, "taken/local.json"))).toBe(false);
  });

  test("a data folder that cannot be written", async () => {
    await writeFile(path.join(scratch.root, "a-file"), "not a folder");
    await using started = start("a-file");
    expect(await started.ended).toBe(2);
    expect(started.errors.trim().split("\n")).toEqual([
      expect.stringMatching(/a-file cannot be written.*FLOWGATE_DATA/),
    ]);
  });

  test("a part that cannot start, beside others that did", async () => {
    const data = path.join(scratch.root, "spoiled");
    await mkdir(data);
    await writeFile(path.join(data, "storage"), "not a folder");
    await using started = start("spoiled");
    expect(await started.ended).toBe(2);
    expect(started.errors.trim().split("\n")).toEqual([
      expect.stringMatching(/storage folder .* cannot be written.*FLOWGATE_DATA/),
    ]);
  });

  test("a folder of flows that is not there", async () => {
    await using started = startProcess({
      data: path.join(scratch.root, "no-flows"),
      flows: path.join(scratch.root, "nowhere"),
    });
    expect(await started.ended).toBe(2);
    expect(started.errors.trim().split("\n")).toEqual([
      expect.stringMatching(/There is no folder .*nowhere.*--flows/),
    ]);
  });

  test("a setting that does not fit", async () => {
    await using started = start("misset", ["--once"], { FLOWGATE_PORT: "seven" });
    expect(await started.ended).toBe(2);
    expect(started.errors.trim().split("\n")).toEqual([
      expect.stringMatching(/FLOWGATE_PORT.*docs\/settings\.md/),
    ]);
  });
});
