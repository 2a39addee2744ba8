import { Client } from "pg"
import { SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { perProcess } from "@/lib/per-process"
import { CHANNEL } from "./announce"

/** How often a team with open pages is checked for usage, which announces nothing. */
const USAGE_MS = 3 * SECOND_MS
const RECONNECT_MS = 2 * SECOND_MS

type OnChange = () => void

/**
 * Tells this process's open pages when something of their team changes. One connection listens for all of them. While
 * it is lost nothing is told; when it is back everybody is, because nobody knows what was missed.
 */
class TeamChanges {
  private readonly watching = new Map<string, Set<OnChange>>()
  private readonly revisions = new Map<string, string>()
  private client: Client | null = null
  private timer: NodeJS.Timeout | null = null

  watch(teamId: string, onChange: OnChange): () => void {
    const watchers = this.watching.get(teamId) ?? new Set()
    this.watching.set(teamId, watchers.add(onChange))
    if (!this.timer) this.start()
    return () => {
      watchers.delete(onChange)
      if (watchers.size > 0) return
      this.watching.delete(teamId)
      this.revisions.delete(teamId)
      if (this.watching.size === 0) this.stop()
    }
  }

  private start(): void {
    let isLooking = false
    this.timer = setInterval(() => {
      if (isLooking) return
      isLooking = true
      void this.lookForUsage().finally(() => {
        isLooking = false
      })
    }, USAGE_MS)
    this.timer.unref()
    void this.connect()
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    const { client } = this
    this.client = null
    void client?.end().catch(() => undefined)
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: env().DATABASE_URL,
      connectionTimeoutMillis: 5_000,
      application_name: "credits-live",
      keepAlive: true,
    })
    let isOver = false
    const lost = () => {
      if (isOver) return
      isOver = true
      if (this.client === client) this.client = null
      void client.end().catch(() => undefined)
      setTimeout(() => this.timer && !this.client && void this.connect(), RECONNECT_MS).unref()
    }
    client.on("error", lost)
    client.on("end", lost)
    // Only the connection that is kept tells. Another one may hear something before it is ended.
    client.on("notification", ({ payload }) => {
      if (this.client === client) this.tell(payload ?? "")
    })
    try {
      await client.connect()
      await client.query(`LISTEN ${CHANNEL}`)
    } catch (err) {
      log().warn({ err }, "Pages are not told of changes for now")
      return lost()
    }
    // Nobody watches any more, or somebody started again meanwhile and has a connection.
    if (!this.timer || this.client) {
      isOver = true
      return void client.end().catch(() => undefined)
    }
    this.client = client
    for (const teamId of this.watching.keys()) this.tell(teamId)
  }

  private tell(teamId: string): void {
    for (const onChange of this.watching.get(teamId) ?? []) onChange()
  }

  private async lookForUsage(): Promise<void> {
    for (const teamId of [...this.watching.keys()]) {
      const { client } = this
      if (!client) return
      try {
        const { rows } = await client.query<{ revisions: string | null }>(READ_REVISIONS, [teamId])
        const revisions = rows[0]?.revisions ?? ""
        const known = this.revisions.get(teamId)
        this.revisions.set(teamId, revisions)
        if (known !== undefined && known !== revisions) this.tell(teamId)
      } catch {
        // A broken connection reports itself.
        return
      }
    }
  }
}

const READ_REVISIONS = "SELECT sum(revision)::text AS revisions FROM pools WHERE team_id = $1::uuid"

/** Calls back whenever something of the team may have changed, until the returned function is called. */
export function watchTeam(teamId: string, onChange: OnChange): () => void {
  return perProcess("team-changes", () => new TeamChanges()).watch(teamId, onChange)
}
