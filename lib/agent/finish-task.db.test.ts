import { describe, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, interceptedConnections, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError } from "@/lib/errors"
import { Metering } from "@/lib/metering/metering"
import { captureHold } from "@/lib/metering/settle-hold"
import { cancelTask, completeTask } from "./finish-task"
import { startTask } from "./start-task"

const world = testDatabase()
const meterings = testMetering(world)
const now = () => new Date()
const authorise = () => undefined

async function running() {
  const { team, pool } = await createPayingTeam(world, usd(50))
  const metering = meterings.start()
  const request = {
    key: null,
    title: "A run",
    cause: { trigger: "api_key", user: null, apiKeyId: null } as const,
    estimate: { consumable: "sms", quantity: 100n } as const,
    authorise,
    toDocument: () => ({}),
  }
  const { task } = await startTask(metering, team.id, request, now())
  const { holdId } = task
  if (holdId === null) throw new Error("A task with an estimate has a hold")
  const ref = { taskId: task.id, authorise }
  const complete = (by: Metering, quantity: bigint | null, outcome: "SUCCEEDED" | "FAILED" = "SUCCEEDED") =>
    completeTask(
      by,
      team.id,
      { ...ref, outcome, readQuantity: quantity === null ? null : () => quantity },
      now(),
    )
  const capture = (quantity: bigint) =>
    captureHold(metering, team.id, { holdId, authorise, readQuantity: () => quantity }, now())
  const cancel = () => cancelTask(metering, team.id, ref, now())
  return { pool, metering, complete, capture, cancel }
}

/** A process that dies just before it writes how a task ended. */
function ending(): Metering {
  return new Metering(
    interceptedConnections(meterings.connect(), async ({ name }, run) => {
      if (name === "agent_tasks_end") throw new Error("The process ended")
      return run()
    }),
  )
}

test("a run whose completion was cut off is not charged, and can be ended in any way", async () => {
  for (const end of ["cancel", "complete", "another quantity"] as const) {
    const run = await running()
    await expect(run.complete(ending(), 40n)).rejects.toThrow("The process ended")
    if (end === "cancel") expect(await run.cancel()).toMatchObject({ state: "CANCELLED" })
    else {
      const { task } = await run.complete(run.metering, end === "complete" ? null : 50n)
      expect(task).toMatchObject({ state: "SUCCEEDED" })
    }
    const chargedNanos = end === "another quantity" ? 50n * SMS_NANOS : 0n
    expect(await readPool(world.db, run.pool)).toMatchObject({
      heldNanos: 0n,
      creditsNanos: usd(50) - chargedNanos,
    })
  }
})

describe("a task whose hold was captured by its own id", () => {
  test.each(["SUCCEEDED", "FAILED"] as const)("is completed as %s without a quantity", async (outcome) => {
    const run = await running()
    await run.capture(40n)
    const done = await run.complete(run.metering, null, outcome)
    expect(done).toMatchObject({ task: { state: outcome }, receipt: null })
    expect(await readPool(world.db, run.pool)).toMatchObject({ creditsNanos: usd(50) - 40n * SMS_NANOS })
  })

  test("is cancelled, and keeps what was charged", async () => {
    const run = await running()
    await run.capture(40n)
    expect(await run.cancel()).toMatchObject({ state: "CANCELLED" })
    expect(await readPool(world.db, run.pool)).toMatchObject({ creditsNanos: usd(50) - 40n * SMS_NANOS })
  })

  test("is not charged a second time by another quantity", async () => {
    const run = await running()
    await run.capture(40n)
    await expect(run.complete(run.metering, 50n)).rejects.toThrow(ConflictError)
    expect(await run.complete(run.metering, 40n)).toMatchObject({ receipt: { costNanos: 40n * SMS_NANOS } })
  })
})

test("completed and cancelled at once, a run ends in one way and is charged only if that was completion", async () => {
  const run = await running()
  const settled = await Promise.allSettled([run.complete(meterings.start(), 40n), run.cancel()])
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  const chargedNanos = settled[0]?.status === "fulfilled" ? 40n * SMS_NANOS : 0n
  expect(await readPool(world.db, run.pool)).toMatchObject({
    heldNanos: 0n,
    creditsNanos: usd(50) - chargedNanos,
  })
})
