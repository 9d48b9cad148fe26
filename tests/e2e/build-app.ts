import { buildAppIfOld } from "../../scripts/build-app-if-old.ts";

/** Before the first test of a run, so that its workers do not all build at once. */
export const setup = buildAppIfOld;
