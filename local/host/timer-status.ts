import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const statusSchema = z.object({ last: z.coerce.date(), next: z.coerce.date(), lastUpdated: z.coerce.date() });
export type TimerStatus = z.infer<typeof statusSchema>;

/** When each timer ran last and is due next, kept over restarts so that a missed occurrence is noticed. */
export interface TimerStatuses {
  read(functionName: string): TimerStatus | undefined;
  write(functionName: string, status: TimerStatus): Promise<void>;
}

/** Kept in `timers.json` of the data folder; a file that cannot be read counts as none. */
export async function openTimerStatuses(dataFolder: string): Promise<TimerStatuses> {
  const path = join(dataFolder, "timers.json");
  const parsed = await readFile(path, "utf8")
    .then((text) => z.record(z.string(), statusSchema).parse(JSON.parse(text)))
    .catch(() => ({}));
  const statuses = new Map<string, TimerStatus>(Object.entries(parsed));
  let writing = Promise.resolve();
  return {
    read: (functionName) => statuses.get(functionName),
    write(functionName, status) {
      statuses.set(functionName, status);
      const text = JSON.stringify(Object.fromEntries(statuses), undefined, 2);
      writing = writing
        .catch(() => {})
        .then(async () => {
          await writeFile(`${path}.new`, text);
          await rename(`${path}.new`, path);
        });
      return writing;
    },
  };
}
