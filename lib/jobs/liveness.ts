import { Client } from "pg"
import { SECOND_MS } from "@/lib/clock"
import { log } from "@/lib/log"

/** The first half of the advisory locks that mean "this is alive". The second half is the hashed id that locks jobs. */
const LOCK_CLASS = 724_199
const SWEEP_INTERVAL_MS = 15 * SECOND_MS
const RECONNECT_DELAY_MS = SECOND_MS

/**
 * Frees the jobs of killed processes, which would stay locked for hours. While its connection lives, each process holds an
 * advisory lock for the id with which it locks jobs. At its start and regularly, it frees the jobs of ids whose lock is gone.
 */
export class WorkerLiveness {
  private readonly ids = new Set<string>()
  private client: Client | null = null
  private timer: NodeJS.Timeout | null = null
  /** One connection answers one question at a time. */
  private turn: Promise<unknown> = Promise.resolve()
  private isStopped = false

  constructor(private readonly databaseUrl: string) {}

  async start(): Promise<void> {
    await this.connect()
    await this.sweep()
    this.timer = setInterval(() => void this.inTurn(() => this.sweep()), SWEEP_INTERVAL_MS)
  }

  async announce(id: string): Promise<void> {
    this.ids.add(id)
    await this.inTurn(async () => {
      if (this.client) await this.lock(this.client, id)
    })
  }

  async stop(): Promise<void> {
    this.isStopped = true
    if (this.timer) clearInterval(this.timer)
    await this.inTurn(async () => this.client?.end())
  }

  private inTurn(run: () => Promise<void>): Promise<void> {
    const next = this.turn.then(run)
    this.turn = next.catch(() => undefined)
    return next
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: "credits-worker-liveness",
      keepAlive: true,
      query_timeout: 10 * SECOND_MS,
    })
    client.on("error", () => this.reconnectLater(client))
    await client.connect()
    for (const id of this.ids) await this.lock(client, id)
    this.client = client
  }

  private reconnectLater(lost: Client): void {
    if (this.client !== lost) return
    this.client = null
    const retry = () => {
      if (this.isStopped) return
      this.connect().catch(() => setTimeout(retry, RECONNECT_DELAY_MS))
    }
    setTimeout(retry, RECONNECT_DELAY_MS)
  }

  private async lock(client: Client, id: string): Promise<void> {
    await client.query("SELECT pg_advisory_lock($1, hashtext($2))", [LOCK_CLASS, id])
  }

  private async sweep(): Promise<void> {
    if (!this.client) return
    try {
      const { rows } = await this.client.query<{ dead: string[] | null }>(FIND_DEAD, [LOCK_CLASS])
      const dead = rows[0]?.dead ?? []
      if (dead.length === 0) return
      await this.client.query("SELECT graphile_worker.force_unlock_workers($1::text[])", [dead])
      log().warn({ processes: dead.length }, "Freed the jobs of processes that died")
    } catch (error) {
      log().warn({ err: error }, "Could not look for dead workers")
    }
  }
}

// A process announces itself just after its start, hence the few seconds of grace.
const FIND_DEAD = `
  SELECT array_agg(DISTINCT j.locked_by) AS dead FROM graphile_worker._private_jobs j
  WHERE j.locked_by IS NOT NULL AND j.locked_at < now() - interval '5 seconds'
    AND NOT EXISTS (
      SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid::bigint = $1
        AND l.objid::bigint = (hashtext(j.locked_by)::bigint & 4294967295))`
