import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What needs nothing but the code, or puts back what it changes of its process: fakes at ports, servers of its own. */
const UNITS = ["tests/{shared,pipelines,flows,studio,cli,docs,infra,functions,scripts}/**/*.test.ts"];

/**
 * Files that wait most come first: begun last, one alone would keep everybody waiting, and cores that wait for them are
 * kept busy by those that compute.
 */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification): boolean =>
      /[/\\]tests[/\\](e2e|browser|docs|local|contract|editors)[/\\]/.test(moduleId);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
    pool: "forks",
    // What one test's process has compiled, the next one's finds compiled: each would spend a second on packages alone.
    env: { NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, "node_modules/.cache/flowgate-tests") },
    // Generous: a slow machine is no failure, and what hangs fails all the same.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // Most tests wait for a real server or an interval: more files than cores keep the cores busy.
    maxWorkers: 5,
    projects: [
      // Loading the code takes longer than most of these tests: a worker loads it once for many files.
      { extends: true, test: { name: "units", include: UNITS, isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          exclude: UNITS,
          globalSetup: "tests/e2e/set-up.ts",
        },
      },
    ],
  },
});
