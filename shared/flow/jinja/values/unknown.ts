/** Stands for a value that is not known before a turn runs, such as a step's result. Only names can have it. */
export const UNKNOWN = Symbol("unknown");

/** Thrown where a template asks for a value that is not known: what depends on it cannot be told. */
export class UnknownValue extends Error {
  override readonly name: string = "UnknownValue";
}
