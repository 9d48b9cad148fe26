import { LimitError } from "./limit-error.ts";

/** What one rendering may cost, so that a hostile template ends in bounded time and memory. */
export const MAX_TEMPLATE = 1_000_000;
export const MAX_TEXT = 4_000_000;
const MAX_ITEMS = 100_000;
export const MAX_DEPTH = 100;
const MAX_WORK = 2_000_000;
/** Characters or items that are passed over for what evaluating one node costs. */
const PER_UNIT = 64;

/** Counts the work of one rendering and ends it when there is too much. */
export class Budget {
  #spent = 0;

  /** One node evaluated, or `units` of comparable work. */
  spend(units = 1): void {
    this.#spent += units;
    if (!(this.#spent <= MAX_WORK))
      throw new LimitError("The template does too much work: shorten its loops.");
  }

  /** So many characters or items passed over. */
  pass(count: number): void {
    this.spend(count / PER_UNIT);
  }

  /** Passes a text through if it is not too long, at a cost by its length. */
  text(value: string): string {
    this.room(value.length);
    this.pass(value.length);
    return value;
  }

  /** To ask before a text of this many characters is built. */
  room(characters: number): void {
    if (!(characters <= MAX_TEXT)) {
      throw new LimitError(`The template builds a text of more than ${MAX_TEXT} characters.`);
    }
  }

  /** To ask before a list of this many items is built. */
  items(count: number): void {
    if (!(count <= MAX_ITEMS))
      throw new LimitError(`The template builds a list of more than ${MAX_ITEMS} items.`);
    this.pass(count);
  }
}
