import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    pool: "forks",
    // Generous: a slow machine is no failure, and what hangs fails all the same.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most tests wait for a real server or an interval: more files than cores keep the cores busy.
    maxWorkers: 3,
  },
});
