import type { LargeFile } from "../model/flow.ts";

/** Keeps bytes that are too many to be held where they can be read again and again, for as long as the work takes. */
export interface Spool {
  /** Takes the pieces as they come. Rejects as they do, and keeps nothing then. */
  keep(pieces: AsyncIterable<Uint8Array>): Promise<SpooledFile>;
}

/** Not to be read once it is disposed of. */
export type SpooledFile = LargeFile & Disposable;
