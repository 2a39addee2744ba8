import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const ROOT = join(import.meta.dirname, "..")

function listSources(): string[] {
  return ["app", "components", "lib"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|generated/.test(path))
      .map((path) => join(folder, path)),
  )
}

/** Each thing has one spelling, on every screen, mail and page. */
const MISSPELT = [/\be-mail/i, /\bAuto top up\b/, /Purchase credits\s*</]

test.each(MISSPELT)("nobody reads %s", (misspelt) => {
  const sources = listSources()
  expect(sources.length).toBeGreaterThan(300)
  const found = sources.filter((path) => misspelt.test(readFileSync(join(ROOT, path), "utf8")))
  expect(found).toEqual([])
})
