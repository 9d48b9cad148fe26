import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export interface EnvelopeLog {
  /** Adds lines, in the order of the calls. */
  append(lines: string[]): Promise<void>;
}

/** The newest file is closed at this share of the cap, so that deleting the oldest one frees a part, not all. */
const FILE_SHARE = 1 / 8;

/**
 * Keeps lines in files named `<day>.<number>.jsonl` in `folder`, and deletes the oldest files so that all together
 * hold at most `maxBytes`. Throws where the folder cannot be written.
 */
export async function openEnvelopeLog(folder: string, maxBytes: number): Promise<EnvelopeLog> {
  await mkdir(folder, { recursive: true });
  const files: { name: string; bytes: number }[] = [];
  for (const name of (await readdir(folder)).filter((file) => FILE_NAME.test(file)).sort()) {
    files.push({ name, bytes: (await stat(join(folder, name))).size });
  }

  const write = async (lines: string[]): Promise<void> => {
    const chunk = lines.map((line) => `${line}\n`).join("");
    const bytes = Buffer.byteLength(chunk);
    const file = fileFor(files, bytes, maxBytes * FILE_SHARE);
    await appendFile(join(folder, file.name), chunk);
    file.bytes += bytes;
    while (files.length > 1 && sum(files) > maxBytes) {
      const [oldest] = files.splice(0, 1);
      if (oldest) await rm(join(folder, oldest.name), { force: true });
    }
  };

  let latest = Promise.resolve();
  return {
    append(lines) {
      const written = latest.then(() => write(lines));
      // One failed write must not fail all that follow.
      latest = written.catch(() => undefined);
      return written;
    },
  };
}

const FILE_NAME = /^\d{4}-\d{2}-\d{2}\.\d{4}\.jsonl$/;

function fileFor(
  files: { name: string; bytes: number }[],
  bytes: number,
  maxFileBytes: number,
): { name: string; bytes: number } {
  const day = new Date().toISOString().slice(0, 10);
  const newest = files.at(-1);
  const sameDay = newest?.name.startsWith(day) ?? false;
  if (newest && sameDay && newest.bytes + bytes <= maxFileBytes) return newest;
  const number = newest && sameDay ? Number(newest.name.slice(11, 15)) + 1 : 0;
  const file = { name: `${day}.${String(number).padStart(4, "0")}.jsonl`, bytes: 0 };
  files.push(file);
  return file;
}

function sum(files: { bytes: number }[]): number {
  return files.reduce((total, file) => total + file.bytes, 0);
}
