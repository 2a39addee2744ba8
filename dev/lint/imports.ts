import { readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { ROOT } from "../stack/build"

/** Each file or folder with those that it imports. */
export type Imports = Map<string, Set<string>>

const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*"(?<specifier>[@.][^"]+)"/g

/** Returns the imports among one folder's TypeScript files, by path inside the folder, with types and without tests. */
export function readImports(folder: string): Imports {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  )
  const known = new Set(files)
  const find = (path: string) => [path, `${path}.ts`, `${path}.tsx`].find((each) => known.has(each))
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(ROOT, folder, file), "utf8")
      const specifiers = [...text.matchAll(SPECIFIER)].map((match) => match.groups?.specifier ?? "")
      const paths = specifiers.map((specifier) =>
        specifier.startsWith("@/")
          ? posix.relative(folder, specifier.slice(2))
          : posix.join(posix.dirname(file), specifier),
      )
      return [file, new Set(paths.flatMap((path) => find(path) ?? []))]
    }),
  )
}

/** Returns the same between folders. Files outside any folder belong to ".". */
export function betweenFolders(imports: Imports): Imports {
  const folderOf = (file: string) => (file.includes("/") ? (file.split("/")[0] ?? "") : ".")
  const folders: Imports = new Map()
  for (const [file, imported] of imports) {
    const from = folderOf(file)
    const known = folders.get(from) ?? new Set()
    folders.set(from, known)
    for (const to of imported) if (folderOf(to) !== from) known.add(folderOf(to))
  }
  return folders
}

/** Returns everything that imports itself in the end, each circle as one sorted list. */
export function findCircles(imports: Imports): string[][] {
  const reached = new Map([...imports.keys()].map((each) => [each, reachedFrom(imports, each)]))
  const circles = new Map<string, string[]>()
  for (const [each, its] of reached) {
    if (!its.has(each)) continue
    const circle = [...its].filter((other) => reached.get(other)?.has(each)).sort()
    circles.set(circle.join(), circle)
  }
  return [...circles.values()]
}

function reachedFrom(imports: Imports, start: string): Set<string> {
  const reached = new Set<string>()
  const waiting = [...(imports.get(start) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    waiting.push(...(imports.get(next) ?? []))
  }
  return reached
}
