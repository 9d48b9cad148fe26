import { versionName } from "../../shared/model/version.ts";
import { CommandError } from "../command-error.ts";
import type { ManagementApi } from "../management-api.ts";
import type { DiffSide } from "./side.ts";

/** Names for a version that stand for one, and what they stand for. */
export const STANDING_NAMES = ["production", "previous", "candidate", "latest"] as const;
type StandingName = (typeof STANDING_NAMES)[number];

/**
 * A version of the registry by its id or a standing name. Throws `CommandError` for a name that stands for nothing
 * yet, `NotFoundError` for a version that is not there.
 */
export async function registrySide(api: ManagementApi, flow: string, named: string): Promise<DiffSide> {
  const standing = STANDING_NAMES.find((name) => name === named);
  const found =
    standing === undefined ? { version: named, suite: undefined } : await standsFor(api, flow, standing);
  const { manifest, runs } = await api.version(flow, found.version);
  const judgedBy = found.suite ?? runs[0]?.suite;
  const suite = judgedBy === undefined ? undefined : await api.suite(flow, judgedBy);
  const name = versionName(flow, manifest.id);
  return {
    label: standing === undefined ? name : `${name} (${standing})`,
    flow,
    version: manifest.id,
    snapshot: {
      definition: manifest.definition,
      files: manifest.files,
      read: (path) => api.snapshotFile(flow, "versions", manifest.id, path),
    },
    suite: suite && {
      definition: suite.definition,
      judge: suite.judge.model,
      files: suite.files,
      read: (path) => api.snapshotFile(flow, "suites", suite.id, path),
    },
    runs,
  };
}

/** The id that a name stands for, or that it is. Throws `CommandError` for a name that stands for nothing yet. */
export async function versionStanding(api: ManagementApi, flow: string, named: string): Promise<string> {
  const standing = STANDING_NAMES.find((name) => name === named);
  return standing === undefined ? named : (await standsFor(api, flow, standing)).version;
}

async function standsFor(
  api: ManagementApi,
  flow: string,
  name: StandingName,
): Promise<{ version: string; suite: string | undefined }> {
  const { release, change, run } = await api.flow(flow);
  const accepted = change?.outcome.kind === "accepted" ? change.outcome : undefined;
  const found = {
    production: release?.stable,
    previous: release?.previous,
    candidate: run?.plan ?? accepted,
    latest: run?.plan ?? accepted,
  }[name];
  if (found) return found;
  throw new CommandError(
    {
      production: `Nothing of ${flow} is in production yet.`,
      previous: `No version of ${flow} was in production before.`,
      candidate: `The latest change of ${flow} has no version: \`flowgate status ${flow}\` says why.`,
      latest: `The latest change of ${flow} has no version: \`flowgate status ${flow}\` says why.`,
    }[name],
  );
}
