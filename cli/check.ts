import { messageOf } from "../shared/errors.ts";

/** One thing the doctor looked at. `fix` is there where there is a problem. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  fix: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** Looks, and never throws: what is thrown, or takes longer than half a minute, is a problem that `fix` mends. */
export async function check(name: string, fix: string, look: () => Promise<string>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    return { name, ok: true, detail: await Promise.race([look(), limit]), fix: undefined };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error), fix };
  } finally {
    clearTimeout(timer);
  }
}
