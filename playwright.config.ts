import { defineConfig } from "@playwright/test"
import { BROWSER_ARGS, requireBrowser } from "./dev/stack/browser"

export default defineConfig({
  testDir: "e2e",
  projects: [
    { name: "product", testMatch: "*.spec.ts", testIgnore: "*.alone.spec.ts" },
    // Tests that stop a part which every other test uses. When chosen with -g, add --no-deps.
    { name: "alone", testMatch: "*.alone.spec.ts", dependencies: ["product"], workers: 1 },
    // Pictures of every state, to look at: SHOTS=folder npx playwright test --project screens
    ...(process.env.SHOTS ? [{ name: "screens", testMatch: "*screens.ts", timeout: 300_000 }] : []),
  ],
  globalSetup: "./e2e/playwright-stack.ts",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? "test-results/report.json" }],
  ],
  use: {
    locale: "en-US",
    timezoneId: "UTC",
    // Drawing what moves takes processor time from everything else; one test has it on.
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 10_000,
    screenshot: "only-on-failure",
    launchOptions: { executablePath: requireBrowser(), args: BROWSER_ARGS },
  },
})
