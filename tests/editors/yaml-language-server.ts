import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface Finding {
  /** From 1. */
  line: number;
  message: string;
}

/** VS Code's YAML server as a process of its own, spoken to over its language server protocol. */
export interface YamlLanguageServer extends AsyncDisposable {
  /** What the editor underlines in a file of this name. */
  diagnostics(file: string, text: string): Promise<Finding[]>;
  /** What is offered where `|` stands in the text. */
  completions(file: string, marked: string): Promise<string[]>;
  /** What a popup says of the word where `|` stands in the text. */
  hover(file: string, marked: string): Promise<string>;
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

const require = createRequire(import.meta.url);
const SERVER = path.join(
  path.dirname(require.resolve("yaml-language-server/package.json")),
  "bin/yaml-language-server",
);

/** `settings` as in VS Code's settings.json; `workspace` is the folder that is open. */
export async function startYamlLanguageServer(
  workspace: string,
  settings: Record<string, unknown>,
): Promise<YamlLanguageServer> {
  const child = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = new Map<number, PromiseWithResolvers<unknown>>();
  const published = new Map<string, PromiseWithResolvers<Finding[]>>();
  let count = 0;
  let version = 0;

  function send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  function ask<Result>(method: string, params: unknown): Promise<Result> {
    count += 1;
    const answer = Promise.withResolvers<unknown>();
    answers.set(count, answer);
    send({ id: count, method, params });
    return answer.promise as Promise<Result>;
  }
  function receive({ id, method, params, result, error }: Message): void {
    if (method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = params as {
        uri: string;
        diagnostics: { range: { start: { line: number } }; message: string }[];
      };
      const findings = diagnostics.map(({ range, message }) => ({ line: range.start.line + 1, message }));
      published.get(uri)?.resolve(findings);
    } else if (method === "workspace/configuration" && id !== undefined) {
      const { items } = params as { items: { section: string }[] };
      send({ id, result: items.map(({ section }) => sectionOf(settings, section)) });
    } else if (method !== undefined && id !== undefined) send({ id, result: null });
    else if (id !== undefined && error) answers.get(id)?.reject(new Error(error.message));
    else if (id !== undefined) answers.get(id)?.resolve(result);
  }
  let buffered = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const end = buffered.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(buffered.subarray(0, end).toString())?.[1]);
      if (end < 0 || buffered.length < end + 4 + length) return;
      const body = buffered.subarray(end + 4, end + 4 + length).toString();
      buffered = buffered.subarray(end + 4 + length);
      receive(JSON.parse(body) as Message);
    }
  });

  const rootUri = pathToFileURL(workspace).href;
  await ask("initialize", {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "workspace" }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
        hover: { contentFormat: ["markdown", "plaintext"] },
        publishDiagnostics: {},
      },
    },
  });
  send({ method: "initialized", params: {} });
  send({ method: "workspace/didChangeConfiguration", params: { settings: nested(settings) } });

  async function open(file: string, text: string): Promise<{ uri: string; findings: Finding[] }> {
    const uri = pathToFileURL(path.resolve(workspace, file)).href;
    // The server keeps what it parsed by version.
    version += 1;
    const textDocument = { uri, languageId: "yaml", version, text };
    return { uri, findings: await afterwards(uri, "textDocument/didOpen", { textDocument }) };
  }
  /** The server clears its findings of a file that closes; those are not taken for the next file's. */
  const close = (uri: string): Promise<Finding[]> =>
    afterwards(uri, "textDocument/didClose", { textDocument: { uri } });
  function afterwards(uri: string, method: string, params: unknown): Promise<Finding[]> {
    const answer = Promise.withResolvers<Finding[]>();
    published.set(uri, answer);
    send({ method, params });
    return answer.promise;
  }

  async function askAt<Result>(method: string, file: string, marked: string): Promise<Result> {
    const before = marked.slice(0, marked.indexOf("|")).split("\n");
    const { uri } = await open(file, marked.replace("|", ""));
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    const result = await ask<Result>(method, { textDocument: { uri }, position });
    await close(uri);
    return result;
  }

  return {
    async diagnostics(file, text) {
      const { uri, findings } = await open(file, text);
      await close(uri);
      return findings;
    },
    async completions(file, marked) {
      const { items } = await askAt<{ items: { label: string }[] }>("textDocument/completion", file, marked);
      return items.map(({ label }) => label);
    },
    async hover(file, marked) {
      const hover = await askAt<{ contents: { value: string } } | null>("textDocument/hover", file, marked);
      return hover?.contents.value ?? "";
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      child.kill();
      await once(child, "exit");
    },
  };
}

/** `yaml.schemas: ...` as `{ yaml: { schemas: ... } }`. */
function nested(settings: Record<string, unknown>): Record<string, Record<string, unknown>> {
  const sections: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(settings)) {
    const [section = "", ...rest] = key.split(".");
    const inner = (sections[section] ??= {});
    const last = rest.pop() ?? "";
    rest.reduce<Record<string, unknown>>((at, name) => (at[name] ??= {}) as Record<string, unknown>, inner)[
      last
    ] = value;
  }
  return sections;
}

function sectionOf(settings: Record<string, unknown>, section: string): unknown {
  return (
    section
      .split(".")
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], nested(settings)) ??
    {}
  );
}
