import { defineConfig } from "vitest/config";

const live = { include: ["test/live/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 600_000 };
const long = { include: ["test/long/**/*.test.ts"], testTimeout: 3_600_000 };

export default defineConfig({
  test: {
    // Many tests wait for sockets and child processes, so two workers pay off on two cores too.
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/harbor/generated/**", "src/main.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 85, functions: 85, branches: 75 },
    },
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/live/**", "test/long/**"],
          // No module keeps anything of one test that another could see, and to load all anew for each file took a third of the time.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: "long", fileParallelism: false, ...long } },
      { test: { name: "live", fileParallelism: false, ...live } },
    ],
  },
});
