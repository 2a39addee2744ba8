import { describe, expect, test } from "vitest"
import { hashToken } from "@/lib/auth/token"
import { newId, toPublicId } from "@/lib/ids"
import { newApiKey, parseApiKey } from "./key-text"

const teamId = newId()
const key = newApiKey(teamId)
const suffix = toPublicId("team", teamId).slice("team_".length)
const secret = "A".repeat(43)

describe("a new key", () => {
  test("names its team as the team’s public id does", () => {
    expect(key).toMatch(/^ck_[0-9a-z]{26}_[\w-]{43}$/)
    expect(key.startsWith(`ck_${suffix}_`)).toBe(true)
  })

  test("is another one each time", () => {
    expect(new Set(Array.from({ length: 100 }, () => newApiKey(teamId))).size).toBe(100)
  })

  test("is read back as its team and the hash of its whole text", () => {
    for (let n = 0; n < 100; n += 1) {
      const [id, text] = [newId(), newApiKey(teamId)]
      expect(parseApiKey(text)).toEqual({ teamId, keyHash: hashToken(text) })
      expect(parseApiKey(newApiKey(id))?.teamId).toBe(id)
    }
  })
})

describe("no key is", () => {
  test.each([
    ["nothing", ""],
    ["a key from before keys named their team", `ck_${secret}`],
    ["another team’s prefix", `sk_${suffix}_${secret}`],
    ["one without a secret", `ck_${suffix}_`],
    ["one without a team", `ck__${secret}`],
    ["a secret that is too short", `ck_${suffix}_${secret.slice(1)}`],
    ["a secret that is too long", `ck_${suffix}_${secret}A`],
    ["a secret with other characters", `ck_${suffix}_${secret.slice(1)}+`],
    ["a team in capitals", `ck_${suffix.toUpperCase()}_${secret}`],
    ["a team that is too short", `ck_${suffix.slice(1)}_${secret}`],
    ["a team of letters that ids don’t use", `ck_${"u".repeat(26)}_${secret}`],
    ["a team beyond 128 bits", `ck_8${suffix.slice(1)}_${secret}`],
    ["the team’s UUID", `ck_${teamId}_${secret}`],
    ["a key with a blank before it", ` ${key}`],
    ["a key with a line end after it", `${key}\n`],
    ["a key in quotes", `"${key}"`],
    ["two keys", `${key}${key}`],
    ["a key in other scripts", `ck_${suffix}_${"А".repeat(43)}`],
    ["a very long text", `ck_${suffix}_${secret.repeat(100_000)}`],
  ])("%s", (_, text) => {
    expect(parseApiKey(text)).toBeNull()
  })
})
