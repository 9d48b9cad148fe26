import type { Page } from "./page.ts";
import { flowsPage } from "./pages/flows-page.tsx";

/** Every page of the studio; those with a tab in the order of the flow's bar. */
export const PAGES: readonly Page[] = [flowsPage];
