import { words } from "../text/words.ts";

const COMMON = new Set(
  `the a an is are was were be been to of and in it for on with as at by from or not no yes you your i we our have has
  do does can will that this its they which but so if all any more than there their up into only also my me`
    .trim()
    .split(/\s+/),
);
/** English prose has 30 to 50 % of such words; short answers that list figures have fewer. */
const LEAST = 0.12;

/** Whether a text of some length has the small words that English cannot do without. */
export function speaksEnglish(text: string): boolean {
  const all = words(text).filter((word) => !/^\d/.test(word));
  return all.length < 6 || all.filter((word) => COMMON.has(word)).length / all.length >= LEAST;
}
