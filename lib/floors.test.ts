import { expect, test } from "vitest"
import { readFloors, upwardArrows } from "@/dev/lint/floors"
import { betweenFolders, findCircles, readImports } from "@/dev/lint/imports"

const imports = readImports("lib")
for (const file of imports.keys()) if (file.startsWith("db/generated/")) imports.delete(file)
const folders = betweenFolders(imports)

test("lib/README.md lists every folder of lib once", () => {
  expect(readFloors("lib").toSorted()).toEqual([...folders.keys()].filter((folder) => folder !== ".").sort())
})

test("no folder of lib imports from a floor above its own, and no file of lib itself from a folder", () => {
  const help =
    "Hand it in from above, or move a folder's row in lib/README.md if all arrows then still point down"
  expect(upwardArrows(folders, readFloors("lib")), help).toEqual([])
})

test("no file of lib imports itself in the end", () => {
  expect(imports.size).toBeGreaterThan(300)
  expect(findCircles(imports)).toEqual([])
})

test("an arrow upwards is seen, from a file that lies in no folder too", () => {
  const wrong = new Map([
    ["queue", new Set(["jobs", "ledger", "."])],
    ["jobs", new Set(["queue"])],
    [".", new Set(["ledger"])],
  ])
  expect(upwardArrows(wrong, ["jobs", "queue", "ledger"])).toEqual(["queue -> jobs", ". -> ledger"])
})
