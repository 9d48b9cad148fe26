import type { JudgeCalibration } from "../model/calibration.ts";
import { formatDifference, formatInterval } from "../model/format-difference.ts";
import { cutText } from "./plain-characters.ts";

const NAME = 200;

/** How far a judge can be believed, in a sentence or three. */
export function calibrationWords({ metric, labels, agreement, bias, disagreed }: JudgeCalibration): string {
  const name = cutText(metric, NAME);
  const agrees = agreement
    ? `kappa ${number(agreement.value)} (95 % interval ${range(agreement.interval)})`
    : "no agreement can be computed";
  const higher = bias
    ? ` It scores ${formatDifference(metric, "mean", bias.value)} against people${bias.interval ? ` (${formatInterval(metric, "mean", bias.interval, true)})` : ""}.`
    : "";
  return `${name} against people on ${labels} labelled answers: ${agrees}, ${disagreed} of them judged the other way.${higher}`;
}

function number(value: number): string {
  return String(Number(value.toFixed(2)));
}

function range({ low, high }: { low: number; high: number }): string {
  return `${number(low)} to ${number(high)}`;
}
