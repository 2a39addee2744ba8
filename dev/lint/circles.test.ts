import { expect, test } from "vitest"
import { findCircles, readImports } from "./imports"

test.each(["dev", "e2e"])("no file of %s imports itself in the end", (folder) => {
  const imports = readImports(folder)
  expect(imports.size).toBeGreaterThan(50)
  expect(findCircles(imports)).toEqual([])
})

test("a circle is found, and told as everything that lies on it", () => {
  const imports = new Map([
    ["a.ts", new Set(["b.ts"])],
    ["b.ts", new Set(["c.ts", "d.ts"])],
    ["c.ts", new Set(["a.ts"])],
    ["d.ts", new Set<string>()],
    ["e.ts", new Set(["a.ts"])],
  ])
  expect(findCircles(imports)).toEqual([["a.ts", "b.ts", "c.ts"]])
})
