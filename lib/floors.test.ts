import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { expect, test } from "vitest"

const LIB = import.meta.dirname

/** Each file of lib that is part of the product, and the files of lib that it imports, by their paths in lib. */
type Imports = Map<string, string[]>

function readLib(): Imports {
  const files = readdirSync(LIB, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^db\/generated\//.test(path))
    .sort()
  return new Map(files.map((path) => [stem(path), importsOf(path, readFileSync(join(LIB, path), "utf8"))]))
}

const stem = (path: string) => path.replace(/\.tsx?$/, "")

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport\(|\bimport) ?"([^"]+)"/g)].flatMap(([, target = ""]) => {
    if (target.startsWith("@/lib/")) return stem(target.slice("@/lib/".length))
    return target.startsWith(".") ? stem(relative(LIB, join(LIB, dirname(path), target))) : []
  })
}

/** Null for a file that lies in lib itself. */
const folderOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? null) : null)

/** The floors of lib/README.md, from the roof down. */
const FLOORS = [...readFileSync(join(LIB, "README.md"), "utf8").matchAll(/^- `([a-z-]+)\/`: \S/gm)].map(
  ([, folder]) => folder,
)

/** The files of lib itself lie below every folder. */
const floorOf = (folder: string | null) => (folder === null ? FLOORS.length : FLOORS.indexOf(folder))

function upwardArrows(imports: Imports): string[] {
  return [...imports].flatMap(([from, targets]) =>
    targets.filter((to) => floorOf(folderOf(to)) < floorOf(folderOf(from))).map((to) => `${from} -> ${to}`),
  )
}

/** One circle of files that import each other, or null. */
function findCircle(imports: Imports): string[] | null {
  const done = new Set<string>()
  const walk = (path: string, trail: string[]): string[] | null => {
    const at = trail.indexOf(path)
    if (at >= 0) return [...trail.slice(at), path]
    if (done.has(path)) return null
    for (const to of imports.get(path) ?? []) {
      const circle = walk(to, [...trail, path])
      if (circle) return circle
    }
    done.add(path)
    return null
  }
  for (const path of imports.keys()) {
    const circle = walk(path, [])
    if (circle) return circle
  }
  return null
}

const imports = readLib()

test("lib/README.md lists every folder of lib once", () => {
  const folders = new Set([...imports.keys()].flatMap((path) => folderOf(path) ?? []))
  expect([...FLOORS].sort()).toEqual([...folders].sort())
})

test("no folder of lib imports from a floor above its own", () => {
  expect(upwardArrows(imports)).toEqual([])
})

test("no files of lib import each other in a circle", () => {
  expect(findCircle(imports)).toBeNull()
})

test("an import of whatever form is seen", () => {
  const text = `import { a } from "@/lib/ledger/post"
    import type { B } from "./store"
    import "../clock"
    export { c } from "@/lib/money/usd"
    const d = await import("@/lib/jobs/worker")
    import { z } from "zod"`
  const seen = ["ledger/post", "purchases/store", "clock", "money/usd", "jobs/worker"]
  expect(importsOf("purchases/a.ts", text)).toEqual(seen)
})

test("an arrow upwards and a circle are seen", () => {
  const wrong: Imports = new Map([
    ["queue/enqueue", ["jobs/tasks", "ids"]],
    ["ids", ["money/usd"]],
    ["jobs/tasks", ["queue/jobs"]],
    ["queue/jobs", ["queue/enqueue"]],
  ])
  expect(upwardArrows(wrong)).toEqual(["queue/enqueue -> jobs/tasks", "ids -> money/usd"])
  expect(findCircle(wrong)).toEqual(["queue/enqueue", "jobs/tasks", "queue/jobs", "queue/enqueue"])
})
