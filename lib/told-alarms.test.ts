import { expect, test, vi } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { HOUR_MS } from "./clock"
import { alarm, log } from "./log"
import { MOST_OF_A_CODE, ToldAlarms } from "./told-alarms"

test("a cause is told once an hour, and another one too", () => {
  const told = new ToldAlarms()
  expect(told.tell("mail_refused", "a", 0)).toBe("told")
  expect(told.tell("mail_refused", "a", HOUR_MS - 1)).toBe("held_back")
  expect(told.tell("mail_refused", "b", HOUR_MS - 1)).toBe("told")
  expect(told.tell("ledger_fault", "a", HOUR_MS - 1)).toBe("told")
  expect(told.tell("mail_refused", "a", HOUR_MS)).toBe("told")
})

test("however many causes a customer makes of one code, few are told and no other code is drowned", () => {
  const told = new ToldAlarms()
  const answers = Array.from({ length: 10_000 }, (_, n) => told.tell("mail_refused", String(n), 0))
  expect(answers.filter((answer) => answer === "told")).toHaveLength(MOST_OF_A_CODE - 1)
  expect(answers.filter((answer) => answer === "last")).toHaveLength(1)
  expect(told.tell("ledger_fault", "a", 0)).toBe("told")
})

test("an alarm held back stays in the log, and details make no other cause", () => {
  startInEnvironment()
  const error = vi.spyOn(log(), "error").mockReturnValue(undefined)
  const warn = vi.spyOn(log(), "warn").mockReturnValue(undefined)
  for (const job of ["1", "2"]) alarm("job_gave_up", { task: "deliver-webhooks" }, { job })
  expect(error.mock.calls).toEqual([[{ alarm: "job_gave_up", task: "deliver-webhooks", job: "1" }, "alarm"]])
  expect(warn.mock.calls).toEqual([
    [{ heldBack: "job_gave_up", task: "deliver-webhooks", job: "2" }, "alarm that is held back"],
  ])
  vi.restoreAllMocks()
})
