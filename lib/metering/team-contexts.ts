import { LRUCache } from "lru-cache"
import type { SpendConnections } from "@/lib/db/spend-connections"
import { NotFoundError } from "@/lib/errors"
import { readTeamContext, readTeamVersion, type TeamContext } from "./team-context"

const MAX_TEAMS = 10_000

/** The teams that this process has met lately, each as it was last read. */
export class TeamContexts {
  private readonly known = new LRUCache<string, Promise<TeamContext>>({ max: MAX_TEAMS })

  constructor(private readonly connections: SpendConnections) {}

  /** Returns the team as last read. Good enough for planning a spend, because the spend itself compares the version. */
  get(teamId: string): Promise<TeamContext> {
    const known = this.known.get(teamId)
    if (known) return known
    const reading = this.read(teamId)
    this.known.set(teamId, reading)
    reading.catch(() => this.known.get(teamId) === reading && this.known.delete(teamId))
    return reading
  }

  /** Returns the present team. Null if there is none. */
  async current(teamId: string): Promise<TeamContext | null> {
    const version = await readTeamVersion(this.connections.query, teamId)
    if (version === null) return null
    const known = await this.get(teamId)
    if (known.version === version) return known
    this.drop(teamId)
    return this.get(teamId)
  }

  drop(teamId: string): void {
    this.known.delete(teamId)
  }

  private async read(teamId: string): Promise<TeamContext> {
    const team = await readTeamContext(this.connections.query, teamId)
    if (!team) throw new NotFoundError()
    return team
  }
}
