import { expect, test } from "vitest"
import { decideRecovery, type Recovery } from "./recover-spends"

const usedKey = { code: "23505", constraint: "entries_once_per_key" }
const lostConnection = { code: "08006" }
const refusedByLedger = { code: "23000" }
const bug = new TypeError("x is not a function")

test.each<[string, unknown, number, Recovery]>([
  ["a key that is in the ledger already is looked up", usedKey, 3, "look_up"],
  ["so is that of a record alone", usedKey, 1, "look_up"],
  ["a flush whose connection was lost is tried again", lostConnection, 3, "try_again"],
  ["so is a record alone", lostConnection, 1, "try_again"],
  ["records that the ledger refuses together go one by one", refusedByLedger, 3, "one_by_one"],
  ["a record that the ledger refuses alone is planned and tried again", refusedByLedger, 1, "try_again"],
  ["a bug takes no other record with it", bug, 3, "one_by_one"],
  ["a record that a bug keeps from being written is given up", bug, 1, "give_up"],
  ["another unique violation is no used key", { ...usedKey, constraint: "other" }, 1, "give_up"],
])("%s", (_, error, records, recovery) => {
  expect(decideRecovery(error, records)).toBe(recovery)
})
