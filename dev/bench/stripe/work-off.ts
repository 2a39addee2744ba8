import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Db } from "@/lib/db/client"
import type { RunningProcess } from "../../stack/processes"
import { cpuSecondsOf } from "../measuring/cpu"
import { p95, quantile } from "../measuring/latencies"
import { load } from "../measuring/measure"
import type { Bench } from "../setup/bench"

/** This many people ask for a page again and again. */
const READERS = 2
const IDLE_MS = 10_000
const LOOK_MS = 200

export async function workOff(
  { server, report, say }: Bench,
  db: Db,
  { page, cookie, startWorker }: { page: string; cookie: string; startWorker: () => RunningProcess },
): Promise<void> {
  const read = async () => {
    const answer = await fetch(page, { headers: { cookie } })
    if (!answer.ok || !(await answer.text()).includes("Recent Transactions"))
      throw new Error(`The Billing page answered ${answer.status}`)
  }
  await load(READERS, 2_000, read)
  say("reading the Billing page while nothing else happens")
  const idle = await readFor(IDLE_MS, read)
  const before = await countUnfinished(db)
  say(`working off ${before} events, reading the Billing page`)
  const worker = startWorker()
  try {
    // A worker takes a second to begin, which isn't part of the drain.
    while ((await countUnfinished(db)) === before) await pause(20)
    const databasePid = Number(
      readFileSync(join(server.folder, "postgres/postmaster.pid"), "utf8").split("\n")[0],
    )
    const cpu = () => [cpuSecondsOf(worker.pid), cpuSecondsOf(databasePid)] as const
    const [workerBefore, databaseBefore] = cpu()
    const left = await countUnfinished(db)
    const beganAt = performance.now()
    const busy: number[] = []
    let isOver = false
    const reading = readUntil(() => isOver, read, busy)
    await untilWorkedOff(db)
    const seconds = (performance.now() - beganAt) / 1_000
    const [workerAfter, databaseAfter] = cpu()
    isOver = true
    await reading
    report.say(`${before.toLocaleString("en-US")} queued events worked off`, left / seconds, "/s", {
      target: { atLeast: 200 },
      note: `${seconds.toFixed(1)} s`,
    })
    report.say("processor time of the worker for each", ((workerAfter - workerBefore) / left) * 1_000, "ms")
    report.say(
      "processor time of PostgreSQL for each",
      ((databaseAfter - databaseBefore) / left) * 1_000,
      "ms",
      {
        note: "with what the pages ask",
      },
    )
    report.compare("Billing page beside it, p95", p95(busy), "ms", {
      floor: p95(idle),
      ratio: p95(busy) / p95(idle),
      note: `p50 ${quantile(busy, 0.5).toFixed(1)} ms, idle p50 ${quantile(idle, 0.5).toFixed(1)} ms, ${READERS} readers`,
    })
  } finally {
    await worker.stop()
  }
}

async function readFor(ms: number, read: () => Promise<void>): Promise<number[]> {
  const end = performance.now() + ms
  const times: number[] = []
  await readUntil(() => performance.now() > end, read, times)
  return times
}

async function readUntil(isOver: () => boolean, read: () => Promise<void>, times: number[]): Promise<void> {
  const one = async () => {
    while (!isOver()) {
      const beganAt = performance.now()
      await read()
      times.push(performance.now() - beganAt)
      // People read what they asked for: the pages must answer beside the drain, not compete with it.
      await pause(50)
    }
  }
  await Promise.all(Array.from({ length: READERS }, one))
}

// The statuses are written out in the text, so that a look costs only an index: it runs while others are measured.
async function countUnfinished(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM stripe_events WHERE status IN ('received', 'failed')`
  return row?.count ?? 0
}

/** Throws when an event fails, because it would be retried for hours and distort the measurement. */
export async function untilWorkedOff(db: Db): Promise<void> {
  while ((await countUnfinished(db)) > 0) {
    const [failed] = await db.$queryRaw<{ type: string; lastError: string | null }[]>`
      SELECT type, last_error AS "lastError" FROM stripe_events WHERE status = 'failed' LIMIT 1`
    if (failed) throw new Error(`${failed.type} failed: ${failed.lastError}`)
    await pause(LOOK_MS)
  }
}

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))
