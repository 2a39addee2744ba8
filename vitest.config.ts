import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const root = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "")
const outsideNext = `${root}/dev/testing/requests.ts`
const resolve = { alias: { "@": root, "next/headers": outsideNext, "next/cache": outsideNext } }
const exclude = ["node_modules/**", ".next/**", ".next-bench/**", ".data/**"]

// One more than there are processors, because these tests also wait; six at most, because each file may open thirty of
// PostgreSQL's 200 connections.
const maxWorkers = Math.min(availableParallelism() + 1, 6)

// A process loads modules once for all its files. What a process has one of, `startInEnvironment` makes new.
const isolate = false

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          isolate,
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts", "stand-in/**"],
          // The app is built, and browsers work, on the same two cores.
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: "stand-in",
          isolate,
          include: ["stand-in/**/*.test.ts"],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: "database",
          isolate,
          include: ["**/*.db.test.ts"],
          exclude,
          globalSetup: "dev/testing/vitest-postgres.ts",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
