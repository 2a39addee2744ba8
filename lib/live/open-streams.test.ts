import { beforeEach, expect, test } from "vitest"
import { ofThisProcess } from "@/lib/per-process"
import { STREAMS_OF_A_PERSON, STREAMS_OF_A_TEAM, takeStream } from "./open-streams"

beforeEach(() => {
  ofThisProcess.delete("open-streams")
})

const take = (userId: string, teamId = "team") => takeStream({ userId, teamId })
const takeMany = (count: number, userId: (n: number) => string, teamId?: string) =>
  Array.from({ length: count }, (_, n) => take(userId(n), teamId))

test("one person has so many streams, whatever the team, and nobody else has fewer for it", () => {
  const taken = takeMany(STREAMS_OF_A_PERSON, () => "one")
  expect(taken).not.toContain(null)
  expect(take("one")).toBeNull()
  expect(take("one", "another")).toBeNull()
  expect(take("other")).not.toBeNull()
  taken[0]?.()
  expect(take("one", "another")).not.toBeNull()
  expect(take("one")).toBeNull()
})

test("one team has so many streams, and no other has fewer for it", () => {
  const taken = takeMany(STREAMS_OF_A_TEAM, (n) => `person ${n}`)
  expect(taken).not.toContain(null)
  expect(take("one more")).toBeNull()
  expect(take("one more", "another")).not.toBeNull()
  taken.at(-1)?.()
  expect(take("one more")).not.toBeNull()
})
