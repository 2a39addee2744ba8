import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

type Package = { version?: string; resolved?: string; link?: boolean }

const text = readFileSync(new URL("./package-lock.json", import.meta.url), "utf8")
const { packages } = JSON.parse(text) as { packages: Record<string, Package> }
const installed = Object.entries(packages).map(([path, { version = "" }]) => ({
  name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
  version,
}))

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((each) => each.split(/[.-]/).slice(0, 3).map(Number))
  for (const [index, number] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0
    if (own !== number) return own > number
  }
  return true
}

// Versions below these have published advisories.
test.each([
  ["next", "16.4.6"],
  ["react", "19.3.1"],
  ["react-dom", "19.3.1"],
  ["next-auth", "4.24.15"],
  ["nodemailer", "10.1.4"],
  ["zod", "4.6.7"],
])("every %s is at least %s", (name, floor) => {
  const versions = installed.filter((each) => each.name === name).map(({ version }) => version)
  expect(versions).not.toEqual([])
  expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([])
})

test("sharp is at least 0.35.5, or not there", () => {
  const versions = installed.filter(({ name }) => name === "sharp").map(({ version }) => version)
  expect(versions.filter((version) => !isAtLeast(version, "0.35.5"))).toEqual([])
})

// Prisma's other packages have their own version numbers.
const PRISMA = [
  "prisma",
  ...["client", "adapter-pg", "client-runtime-utils", "config", "engines"].map((part) => `@prisma/${part}`),
]

test("Prisma’s parts are all there and of one version", () => {
  const parts = installed.filter(({ name }) => PRISMA.includes(name))
  expect(new Set(parts.map(({ name }) => name))).toEqual(new Set(PRISMA))
  expect(new Set(parts.map(({ version }) => version)).size).toBe(1)
})

test("names no registry, so that it installs from whichever is configured", () => {
  const named = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)
  expect(named).toEqual([])
  // Funding addresses are no hosts to install from.
  expect(text.replace(/"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")/g, "")).not.toMatch(/https?:\/\//)
})
