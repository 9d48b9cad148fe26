import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { childEnvironment, environmentVariables } from "../shared/settings.ts";

const run = promisify(execFile);

/** The compiler that the snapshots in tests/infra/ were made by. */
export const BICEP_VERSION = "0.49.2";
const CACHE = path.resolve(import.meta.dirname, `../node_modules/.cache/bicep-${BICEP_VERSION}`);

/** How a command ended, and all that it said. */
export interface Said {
  ok: boolean;
  text: string;
}

/** Bicep's compiler: where it was found, its version, and what runs it. */
export interface Compiler {
  version: string;
  run(parameters: string[]): Promise<Said>;
}

/**
 * Bicep's compiler: the one that BICEP_PATH names, one of the snapshots' version on the PATH, or the NuGet package that
 * carries it, restored by `dotnet` from wherever this machine's NuGet is set to look; failing these, any on the PATH.
 * Where none can be had: what was tried, in words.
 */
export async function findBicep(): Promise<Compiler | string[]> {
  const named = environmentVariables()["BICEP_PATH"];
  const tried: string[] = [];
  for (const { find, only } of [
    ...(named === undefined ? [] : [{ find: async () => named, only: undefined }]),
    { find: async () => "bicep", only: BICEP_VERSION },
    { find: restorePackage, only: undefined },
    { find: async () => "bicep", only: undefined },
  ]) {
    try {
      const command = await find();
      const { stdout } = await execute(command, ["--version"]);
      const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout.trim();
      if (only !== undefined && version !== only) continue;
      return { version, run: (parameters) => say(command, parameters) };
    } catch (error) {
      const problem = firstLine(error);
      if (!tried.includes(problem)) tried.push(problem);
    }
  }
  return tried;
}

/** Returns the path of the compiler in the package, which is kept under node_modules. */
async function restorePackage(): Promise<string> {
  const system = { linux: "linux", darwin: "osx", win32: "win" }[process.platform as string];
  if (system === undefined) throw new Error(`no package carries Bicep for ${process.platform}`);
  const name = `Azure.Bicep.CommandLine.${system}-${process.arch}`;
  const { stdout } = await execute("dotnet", ["--version"]);
  const project = path.join(CACHE, "bicep.csproj");
  const framework = `net${stdout.trim().split(".").slice(0, 2).join(".")}`;
  await mkdir(CACHE, { recursive: true });
  await writeFile(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>${framework}</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${name}" Version="[${BICEP_VERSION}]" /></ItemGroup>
</Project>
`,
  );
  await execute("dotnet", ["restore", project, "--packages", CACHE]);
  const command = path.join(
    CACHE,
    name.toLowerCase(),
    BICEP_VERSION,
    "tools",
    system === "win" ? "bicep.exe" : "bicep",
  );
  await chmod(command, 0o755);
  return command;
}

async function say(command: string, parameters: string[]): Promise<Said> {
  try {
    const { stdout, stderr } = await execute(command, parameters);
    return { ok: true, text: `${stdout}${stderr}`.trim() };
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return { ok: false, text: `${stdout}${stderr}`.trim() || firstLine(error) };
  }
}

function execute(command: string, parameters: string[]): Promise<{ stdout: string; stderr: string }> {
  // Without it the compiler asks for a library of languages that a bare machine lacks.
  const env = childEnvironment({ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1", DOTNET_NOLOGO: "1" });
  return run(command, parameters, { env, maxBuffer: 64 * 1024 * 1024 });
}

function firstLine(error: unknown): string {
  const { stdout, message } = error as { stdout?: string; message: string };
  const problem = stdout?.split("\n").find((line) => /error/i.test(line));
  return (problem ?? message.split("\n")[0] ?? message).trim();
}
