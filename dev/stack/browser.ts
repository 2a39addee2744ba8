import { spawnSync } from "node:child_process"
import { accessSync, constants, existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { chromium } from "@playwright/test"

/** Also runs under root and in containers, and opens no connections by itself. */
export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

// The shell first: it is Chromium without windows, and cuts the tests' time to two thirds.
const SYSTEM_NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
]

/** Finds this machine's Chromium: Playwright's own if it was installed, else the system's. Null: none. */
export function findBrowser(): string | null {
  const own = chromium.executablePath()
  if (own && existsSync(own)) return own
  const folders = (process.env.PATH ?? "").split(delimiter)
  const candidates = folders.flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)))
  return candidates.find(isExecutable) ?? null
}

/** Returns this machine's Chromium, installed first if there is none. */
export function requireBrowser(onInstall: () => void = () => undefined): string {
  const found = findBrowser()
  if (found) return found
  onInstall()
  const run = (command: string, args: string[]) => spawnSync(command, args, { stdio: "ignore" }).status === 0
  const cli = join(import.meta.dirname, "../../node_modules/@playwright/test/cli.js")
  if (!run(process.execPath, [cli, "install", "--with-deps", "chromium"])) {
    const prefix = process.getuid?.() === 0 ? [] : ["sudo", "-n"]
    const [command = "apt-get", ...args] = [...prefix, "apt-get"]
    run(command, [...args, "update"])
    const install = (name: string) =>
      run(command, [...args, "install", "-y", "--no-install-recommends", name])
    if (!install("chromium-headless-shell")) install("chromium")
  }
  const installed = findBrowser()
  if (!installed)
    throw new Error(
      "The browser tests need Chromium, and it couldn't be installed. Install it, then run npm test again.",
    )
  return installed
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
