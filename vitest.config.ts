import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for a real server or an interval: more files than cores keep the cores busy.
    maxWorkers: 3,
  },
});
