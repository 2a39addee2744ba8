import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { OPEN_ACTIONS } from "@/dev/testing/actions"

const FILES = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), "utf8") }))
const ACTION_FILES = FILES.filter(({ text }) => text.startsWith('"use server"'))

test("an action stands in a file of actions, where these tests find it", () => {
  expect(ACTION_FILES.length).toBeGreaterThan(8)
  const hidden = FILES.filter(({ text }) => /^\s+"use server"/m.test(text))
  expect(hidden.map(({ path }) => path)).toEqual([])
})

test.each(ACTION_FILES)(
  "each action of $path is guarded by the wrapper, or is one that asks by itself",
  ({ text }) => {
    const exported = text.match(/^export .*$/gm) ?? []
    expect(exported).not.toEqual([])
    const unguarded = exported.filter(
      (line) =>
        !/^export const \w+ = (memberAction|personAction)\(/.test(line) &&
        !OPEN_ACTIONS.some((name) => line.startsWith(`export async function ${name}(`)),
    )
    expect(unguarded).toEqual([])
  },
)
