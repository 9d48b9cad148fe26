import type { Page } from "./page.ts";
import { comparisonPage } from "./pages/comparison-page.tsx";
import { flowsPage } from "./pages/flows-page.tsx";
import { historyPage } from "./pages/history-page.tsx";
import { playgroundPage } from "./pages/playground-page.tsx";
import { releasePage } from "./pages/release-page.tsx";
import { reviewPage } from "./pages/review-page.tsx";
import { runPage } from "./pages/run-page.tsx";
import { scorecardPage } from "./pages/scorecard-page.tsx";
import { suitePage, versionPage } from "./pages/snapshot-page.tsx";
import { trafficPage } from "./pages/traffic-page.tsx";

/** Every page of the studio; those with a tab in the order of the flow's bar. */
export const PAGES: readonly Page[] = [
  flowsPage,
  historyPage,
  runPage,
  releasePage,
  trafficPage,
  comparisonPage,
  playgroundPage,
  reviewPage,
  scorecardPage,
  versionPage,
  suitePage,
];
