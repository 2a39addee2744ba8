import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ROOT } from "../stack/build"

const FOLDERS = ["app", "components", "dev", "e2e", "lib", "prisma", "stand-in"]

/** A comment that opens with its object, such as "What the pool holds", leaves its reader to find the subject. */
const OPENS_WITH_WHAT = /(?:^|\s)(?:\/\*\*?\n?|\/\/\/?|--)[ \t*]*What\s/

test("no comment begins with What: it names the thing, or begins with a verb", () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(tsx?|css)$/.test(path) && !/generated/.test(path))
      .map((path) => join(folder, path)),
  )
  expect(files.length).toBeGreaterThan(1_000)
  expect(files.filter((path) => OPENS_WITH_WHAT.test(readFileSync(join(ROOT, path), "utf8")))).toEqual([])
})
