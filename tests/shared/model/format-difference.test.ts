import { expect, test } from "vitest";
import { formatDifference, formatInterval } from "../../../shared/model/format-difference.ts";

test("a difference has its sign, and none where nothing of it shows", () => {
  expect(formatDifference("latency", "mean", -12)).toBe("−12 ms");
  expect(formatDifference("latency", "mean", 12)).toBe("+12 ms");
  expect(formatDifference("latency", "mean", -0.2)).toBe("0 ms");
  expect(formatDifference("latency", "mean", 0.2)).toBe("0 ms");
  expect(formatInterval("latency", "mean", { low: -0.2, high: 4 }, true)).toBe("0 ms to 4 ms");
});
