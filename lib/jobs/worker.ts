import { EventEmitter } from "node:events"
import { setPriority } from "node:os"
import { pathToFileURL } from "node:url"
import { Logger, run, type TaskList, type WorkerEvents } from "graphile-worker"
import { SECOND_MS } from "@/lib/clock"
import { connectDb, type Db, db } from "@/lib/db/client"
import { connectForQueue } from "@/lib/db/queue-connections"
import { env } from "@/lib/env"
import { loadEnvFile } from "@/lib/load-env-file"
import { alarm, log } from "@/lib/log"
import { WorkerLiveness } from "./liveness"
import { crontab, isOutbound, tasksOf } from "./tasks"

/** More than a processor could work on, because jobs mostly wait for Stripe. Each needs one connection at most. */
const CONCURRENCY = 10

/**
 * Top-ups wait in a queue of their own: a team may have a thousand pools that run low at once, and other people's payments
 * don't wait until each of them has been charged.
 */
const TOP_UPS_AT_ONCE = 5

/**
 * Mails and webhooks go out to servers that may be slow, and wait in a queue each: money waits for neither, and mail doesn't
 * wait for customers' servers. A job waits for its receiver without a connection to the database.
 */
const WEBHOOKS_AT_ONCE = 24
const MAILS_AT_ONCE = 8

/** A busy team's month takes seconds to add up. Nobody waits for it, and nothing else waits behind it. */
const DOCUMENTS_AT_ONCE = 2

/** Mails and webhooks have connections of their own: however many go out, they take none from money. */
const OUTBOUND_CONNECTIONS = 5

/** Each of the five queues listens on its own connection. */
const LISTENERS = 5

/** Takes several jobs from the queue at once, and reports several as done. Jobs that can't begin soon go back for another process. */
const batches = (size: number) => ({ localQueue: { size, ttl: 5 * SECOND_MS }, completeJobBatchDelay: 20 })

/** Lets pages and Stripe's webhooks go first where processors are short, because people wait for those. */
const NICE = 10

/**
 * Raises an alarm for a job that won't be tried again: one for each job of money, but one for each task of what goes out,
 * because that depends on customers' addresses.
 */
function tellGivenUp(task: string, job: string): void {
  if (isOutbound(task)) alarm("job_gave_up", { task }, { job })
  else alarm("job_gave_up", { task, job })
}

/** Works off the job queue until stopped. Any number of processes may run at once. */
export async function startWorker({ databaseUrl, database }: { databaseUrl: string; database: Db }) {
  const liveness = new WorkerLiveness(databaseUrl)
  await liveness.start()
  const events: WorkerEvents = new EventEmitter()
  // Jobs are locked in the name of the pool, not of a single worker.
  events.on("pool:create", ({ workerPool }) => {
    liveness.announce(workerPool.id).catch((err) => log().warn({ err }, "Could not announce this process"))
  })
  events.on("job:failed", ({ job }) => tellGivenUp(job.task_identifier, job.id))
  const queue = connectForQueue(databaseUrl, CONCURRENCY + LISTENERS)
  const common = {
    pgPool: queue,
    noHandleSignals: true,
    logger: new Logger(
      () => (level, message) => log()[level === "warning" ? "warn" : "debug"]({ message }, "queue"),
    ),
    events,
  }
  const start = (concurrency: number, taskList: TaskList, schedule?: string) =>
    run({
      ...common,
      concurrency,
      preset: { worker: batches(concurrency) },
      taskList,
      ...(schedule ? { crontab: schedule } : {}),
    })
  const outbound = connectDb(databaseUrl, OUTBOUND_CONNECTIONS)
  const runner = await start(CONCURRENCY, tasksOf("money", database), crontab())
  const runners = [
    runner,
    await start(TOP_UPS_AT_ONCE, tasksOf("top-ups", database)),
    await start(MAILS_AT_ONCE, tasksOf("mail", outbound)),
    await start(WEBHOOKS_AT_ONCE, tasksOf("webhooks", outbound)),
    await start(DOCUMENTS_AT_ONCE, tasksOf("documents", outbound)),
  ]
  // Top-ups that a dead process left behind don't wait for the next minute.
  await runner.addJob("sweep-top-ups", {}, { jobKey: "sweep-top-ups", maxAttempts: 3 })
  // Neither do the statements of a month that ended while no process ran.
  await runner.addJob("sweep-statements", {}, { jobKey: "sweep-statements", maxAttempts: 3 })
  return {
    /** Settles when a queue has ended, after `stop` or because it lost the database. */
    ended: Promise.race(runners.map(({ promise }) => promise)),
    async stop() {
      // A queue that ended by itself can't be stopped. Its jobs are free once this process no longer counts as alive.
      try {
        await Promise.all(runners.map((each) => each.stop()))
      } finally {
        await outbound.$disconnect()
        await queue.end()
        await liveness.stop()
      }
    },
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  loadEnvFile()
  setPriority(NICE)
  try {
    const worker = await startWorker({ databaseUrl: env().DATABASE_URL, database: db() })
    log().info("Worker ready")
    let isStopping = false
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        isStopping = true
        void worker.stop().then(() => process.exit(0))
      })
    }
    await worker.ended
    if (!isStopping) throw new Error("The job queue ended by itself. Start the worker again.")
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
