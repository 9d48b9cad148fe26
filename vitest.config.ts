import { defineConfig } from "vitest/config";

/** What needs nothing but the code: fakes at ports, servers of its own at most. */
const UNITS = ["tests/{shared,pipelines,flows,studio}/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    // Generous: a slow machine is no failure, and what hangs fails all the same.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // Most tests wait for a real server or an interval: more files than cores keep the cores busy.
    maxWorkers: 4,
    projects: [
      // Loading the code takes longer than most of these tests: a worker loads it once for many files.
      { extends: true, test: { name: "units", include: UNITS, isolate: false } },
      { extends: true, test: { name: "whole", include: ["tests/**/*.test.ts"], exclude: UNITS } },
    ],
  },
});
