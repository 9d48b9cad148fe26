export { l as longestSequence, n as sharedSequences } from "js-rouge";
