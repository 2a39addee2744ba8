import { type JobHelpers, parseCrontab } from "graphile-worker"
import { expect, test } from "vitest"
import { ZodError } from "zod"
import type { Db } from "@/lib/db/client"
import { JOBS } from "@/lib/queue/jobs"
import { crontab, isOutbound, tasksOf } from "./tasks"

const db = {} as Db
const QUEUES = ["money", "top-ups", "mail", "webhooks", "documents"] as const
const namesOf = (queue: (typeof QUEUES)[number]) => Object.keys(tasksOf(queue, db))

test("every job and every scheduled task has one queue", () => {
  const scheduled = parseCrontab(crontab()).map(({ task }) => task)
  expect(QUEUES.flatMap(namesOf).sort()).toEqual([...Object.keys(JOBS), ...scheduled].sort())
})

test("a scheduled task has a key of its own and its number of tries", () => {
  expect(
    parseCrontab(crontab()).map(({ task, options }) => [task, options?.jobKey, options?.maxAttempts]),
  ).toEqual([
    ["clean-up", "clean-up", 25],
    ["check-ledger", "check-ledger", 3],
    ["reconcile", "reconcile", 8],
    ["renew-due-pools", "renew-due-pools", 3],
    ["count-usage-parts", "count-usage-parts", 3],
    ["sweep-left-credits", "sweep-left-credits", 3],
    ["sweep-top-ups", "sweep-top-ups", 3],
    ["sweep-statements", "sweep-statements", 3],
  ])
})

test("counting runs and models takes no place of a payment", () => {
  expect(namesOf("documents")).toContain("count-usage-parts")
})

test("only mails and webhooks go out", () => {
  expect(QUEUES.flatMap(namesOf).filter(isOutbound)).toEqual([
    "mail-export",
    "mail-ownership-offer",
    "mail-membership-change",
    "mail-invitation",
    "mail-notification",
    "mail-billing-notice",
    "mail-email-changed",
    "mail-statement",
    "deliver-webhooks",
  ])
})

test("a task refuses a payload that isn't its own", async () => {
  const run = tasksOf("money", db)["reconcile-team"]
  const helpers = { job: { attempts: 1 } } as JobHelpers
  await expect(run?.({ runId: "all" }, helpers)).rejects.toThrow(ZodError)
  await expect(run?.({ runId: crypto.randomUUID(), teamId: "another" }, helpers)).rejects.toThrow(ZodError)
})
