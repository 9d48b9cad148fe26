import type { RunEstimate } from "../shared/model/budget.ts";
import type { PushProgress } from "./push-flow.ts";
import type { WaitProgress } from "./wait-for-verdict.ts";

/** Shows how far a push and its run are: one line that moves on a terminal; elsewhere the run's every 10 %. */
export interface ProgressLine {
  pushing: (progress: PushProgress) => void;
  waiting: (progress: WaitProgress) => void;
  /** Rows answered by the combinations of a comparison. */
  comparing: (done: number, total: number) => void;
  /** Clears what moves, so that other text can follow. */
  end: () => void;
}

const BAR_WIDTH = 24;
const SLOW_READING_MS = 30_000;

export function createProgressLine(
  stream: { isTTY?: boolean; write(text: string): unknown },
  flow: string,
): ProgressLine {
  const moves = stream.isTTY === true;
  let shown = "";
  let warned = false;
  let estimated = false;

  function show(text: string): void {
    if (text === shown) return;
    shown = text;
    stream.write(moves ? `\r\x1b[2K${text}` : `${text}\n`);
  }
  function end(): void {
    if (moves && shown !== "") stream.write("\r\x1b[2K");
    shown = "";
  }
  /** A bar that moves with every step, or the last full tenth. */
  function showShare(words: string, done: number, total: number): void {
    const share = total === 0 ? 0 : Math.min(done / total, 1);
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${done}/${total}`;
    show(moves ? `${words} ${bar}` : `${words} ${Math.floor(share * 10) * 10} %`);
  }

  return {
    pushing({ done, total }) {
      if (moves) showShare(`Pushing ${flow}`, done, total);
    },
    comparing(done, total) {
      showShare(`Comparing ${flow}`, done, total);
    },
    waiting(progress) {
      switch (progress.stage) {
        case "reading":
          show("Waiting for the platform to read the push");
          if (progress.waitedMs >= SLOW_READING_MS && !warned) {
            warned = true;
            end();
            stream.write("It has not been read after 30 s; `flowgate doctor` finds out why.\n");
          }
          return;
        case "planning":
          show(`Planning the run of ${flow}`);
          if (progress.waitedMs >= SLOW_READING_MS && !warned) {
            warned = true;
            end();
            stream.write(
              "It is still being planned after 30 s: does the model answer? `flowgate doctor` asks it.\n",
            );
          }
          return;
        case "evaluating":
          if (progress.estimate !== undefined && !estimated) {
            estimated = true;
            end();
            stream.write(`${estimateText(progress.estimate)}\n`);
          }
          return showShare(
            `Evaluating ${flow}@${progress.version} on ${progress.rows} rows`,
            progress.rowsDone ?? progress.shardsDone,
            progress.rowsDone === undefined ? progress.shards : progress.rows,
          );
        case "releasing":
          return show(`Judged; waiting for production to serve ${flow}@${progress.version}`);
      }
    },
    end,
  };
}

/** What a run takes at most: nothing recorded, nothing stopped early. */
function estimateText({ calls, tokens, cost, from }: RunEstimate): string {
  const price = cost === undefined ? "" : `, $${cost === 0 ? "0" : cost.toPrecision(2)}`;
  const source = from === "recorded" ? "by what earlier runs used" : "by the length of prompts and rows";
  return `At most ${calls.toLocaleString("en-US")} model calls, about ${tokens.toLocaleString("en-US")} tokens${price} (${source})`;
}
