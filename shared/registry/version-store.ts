import { NotFoundError, PermanentError } from "../errors.ts";
import { hashOf, sizeOf } from "../flow/file-pieces.ts";
import { sha256 } from "../model/canonical.ts";
import type { FlowFiles } from "../model/flow.ts";
import type { SnapshotFile, SuiteManifest, VersionManifest } from "../model/version.ts";
import { versionName } from "../model/version.ts";
import type { DatasetRow, LabelledAnswer } from "../model/version.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { workThrough } from "../work-through.ts";
import { createJson, readJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";

const WRITES_AT_ONCE = 8;

/** Describes a snapshot's files, in the order of their paths. */
export function snapshotFiles(files: FlowFiles): SnapshotFile[] {
  return [...files.keys()]
    .map((path) => ({ path, sha256: hashOf(path, files, "sha256"), bytes: sizeOf(path, files) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Stores a version: its files first, its manifest last, so that a manifest's files are always there. */
export async function storeVersion(
  store: BlobStore,
  manifest: VersionManifest,
  files: FlowFiles,
): Promise<void> {
  if (await store.read("registry", registryPath.version(manifest.flow, manifest.id))) return;
  await storeFiles(store, files, (path) => registryPath.versionFile(manifest.flow, manifest.id, path));
  await createJson(store, "registry", registryPath.version(manifest.flow, manifest.id), manifest);
}

/** Stores a suite: its files, the lines of its buckets batch by batch, its labels, and its manifest last. */
export async function storeSuite(
  store: BlobStore,
  manifest: SuiteManifest,
  files: FlowFiles,
  batches: AsyncIterable<ReadonlyMap<string, Uint8Array>>,
  labels: readonly LabelledAnswer[] = [],
): Promise<void> {
  const { flow, id } = manifest;
  if (await store.read("registry", registryPath.suite(flow, id))) return;
  await storeFiles(store, files, (path) => registryPath.suiteFile(flow, id, path));
  for await (const batch of batches) {
    await workThrough(batch, WRITES_AT_ONCE, ([bucket, lines]) =>
      store.create("registry", registryPath.suiteRows(flow, id, bucket), lines),
    );
  }
  if (labels.length > 0) {
    await store.create("registry", registryPath.suiteLabels(flow, id), jsonLines(labels));
  }
  await createJson(store, "registry", registryPath.suite(flow, id), manifest);
}

export async function readVersion(store: BlobStore, flow: string, id: string): Promise<VersionManifest> {
  const manifest = await readJson<VersionManifest>(store, "registry", registryPath.version(flow, id));
  if (!manifest) throw new NotFoundError(`There is no version ${versionName(flow, id)} in the registry.`);
  return manifest.value;
}

export async function readSuite(store: BlobStore, flow: string, id: string): Promise<SuiteManifest> {
  const manifest = await readJson<SuiteManifest>(store, "registry", registryPath.suite(flow, id));
  if (!manifest) throw new NotFoundError(`There is no suite ${id} of flow "${flow}" in the registry.`);
  return manifest.value;
}

export async function readSuiteRows(
  store: BlobStore,
  flow: string,
  suite: string,
  bucket: string,
): Promise<DatasetRow[]> {
  const blob = await store.read("registry", registryPath.suiteRows(flow, suite, bucket));
  if (!blob) throw new NotFoundError(`Suite ${suite} of flow "${flow}" has no rows in bucket ${bucket}.`);
  return parsedLines(blob.body);
}

/** The answers that people labelled, of a suite that has some. */
export async function readSuiteLabels(
  store: BlobStore,
  flow: string,
  suite: string,
): Promise<LabelledAnswer[]> {
  const blob = await store.read("registry", registryPath.suiteLabels(flow, suite));
  if (!blob) throw new NotFoundError(`Suite ${suite} of flow "${flow}" has no labels.`);
  return parsedLines(blob.body);
}

function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

function parsedLines<T>(body: Buffer): T[] {
  const lines = body.toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

/** The files of a version, each checked against the manifest. Throws where one is missing or was altered. */
export async function readVersionFiles(
  store: BlobStore,
  manifest: VersionManifest,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = await Promise.all(
    manifest.files.map(async (file): Promise<[string, Uint8Array]> => {
      const blob = await store.read(
        "registry",
        registryPath.versionFile(manifest.flow, manifest.id, file.path),
      );
      if (!blob || sha256(blob.body) !== file.sha256) {
        const what = blob ? "does not match its hash" : "is missing";
        throw new PermanentError(`${versionName(manifest.flow, manifest.id)}: ${file.path} ${what}.`);
      }
      return [file.path, blob.body];
    }),
  );
  return new Map(files);
}

async function storeFiles(
  store: BlobStore,
  files: FlowFiles,
  nameOf: (path: string) => string,
): Promise<void> {
  await workThrough(files.keys(), WRITES_AT_ONCE, (path) => {
    const large = files.large?.(path);
    const body = large ? () => large.pieces() : (files.get(path) ?? new Uint8Array());
    return store.create("registry", nameOf(path), body);
  });
}
