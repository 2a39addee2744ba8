import { describe, expect, test } from "vitest"
import { isPassingFailure } from "./failures"

const coded = (code: string) => Object.assign(new Error("it failed"), { code })

describe("the same may work in a moment after", () => {
  test.each([
    ["a connection that broke", "08006"],
    ["an administrator’s stop", "57P01"],
    ["a server that starts", "57P03"],
    ["a statement that took too long", "57014"],
    ["a serialization failure", "40001"],
    ["a deadlock", "40P01"],
    ["too many connections", "53300"],
    ["a lock that was not free", "55P03"],
    ["an I/O error", "58000"],
    ["a failover that left the read-only server", "25006"],
    ["a transaction that was idle too long", "25P03"],
    ["a refused connection", "ECONNREFUSED"],
    ["a reset connection", "ECONNRESET"],
    ["a name that the DNS can’t look up now", "EAI_AGAIN"],
    ["a server that Prisma can’t reach", "P1001"],
    ["a server that answered Prisma too late", "P1002"],
    ["an operation that took Prisma too long", "P1008"],
    ["a connection that the server closed on Prisma", "P1017"],
    ["a pool of Prisma’s without a free connection", "P2024"],
    ["a write conflict in Prisma’s words", "P2034"],
    ["too many connections in Prisma’s words", "P2037"],
  ])("%s (%s)", (_, code) => {
    expect(isPassingFailure(coded(code))).toBe(true)
  })

  test("a connection that is cut while Prisma begins or ends a transaction", () => {
    const cause = { kind: "postgres", originalCode: "57P01" }
    expect(isPassingFailure(new Error("terminating connection", { cause }))).toBe(true)
    expect(isPassingFailure(new Error("refused", { cause: { ...cause, originalCode: "23514" } }))).toBe(false)
  })

  test("a transaction that got no connection in time, and not one that was misused", () => {
    const failed = (message: string) => Object.assign(new Error(message), { code: "P2028" })
    expect(isPassingFailure(failed("Unable to start a transaction in the given time."))).toBe(true)
    expect(isPassingFailure(failed("A query cannot be executed on a committed transaction."))).toBe(false)
  })

  test.each(["Connection terminated unexpectedly", "timeout exceeded when trying to connect"])(
    "%s",
    (message) => {
      expect(isPassingFailure(new Error(message))).toBe(true)
    },
  )
})

describe("it will not after", () => {
  test.each([
    ["a key that is there already", "23505"],
    ["a CHECK that refuses", "23514"],
    ["a syntax error", "42601"],
    ["a password that is wrong", "28P01"],
    ["an aborted transaction that goes on", "25P02"],
    ["a unique violation in Prisma’s words", "P2002"],
    ["a row that Prisma didn’t find", "P2025"],
    ["a raw query that failed for whatever reason", "P2010"],
    ["an argument that Node refuses", "ERR_INVALID_ARG_TYPE"],
    ["a refusal of ours", "insufficient_credits"],
  ])("%s (%s)", (_, code) => {
    expect(isPassingFailure(coded(code))).toBe(false)
  })

  test.each([[new TypeError("x is not a function")], ["text"], [null], [undefined]])("%s", (thrown) => {
    expect(isPassingFailure(thrown)).toBe(false)
  })
})
