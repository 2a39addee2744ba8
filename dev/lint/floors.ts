import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../stack/build"
import type { Imports } from "./imports"

/** Returns the folders of a folder from top to bottom, as the tables of its README list them. */
export function readFloors(folder: string): string[] {
  const readme = readFileSync(join(ROOT, folder, "README.md"), "utf8")
  return [...readme.matchAll(/^\| `([a-z-]+)\/` \|/gm)].map((match) => match[1] ?? "")
}

/** Returns the imports from a folder to one above it. Files that lie in no folder, ".", are below all of them. */
export function upwardArrows(folders: Imports, floors: string[]): string[] {
  const floorOf = (folder: string) => (folder === "." ? floors.length : floors.indexOf(folder))
  return [...folders].flatMap(([from, imported]) =>
    [...imported].filter((to) => floorOf(to) < floorOf(from)).map((to) => `${from} -> ${to}`),
  )
}
