import type { Client } from "pg"
import type { Dice } from "@/stand-in/faults/dice"
import type { Kill } from "../plan"
import type { Tally } from "../tally"
import type { Drivers } from "./drivers"
import type { Kept } from "./kept"

/** This connection's name, which is spared. */
export const CHAOS_CONNECTION = "chaos"

type Victims = { apps: Kept[]; workers: Kept[]; drivers: Drivers; sql: Client }

/** Kills what the plan says when its payment begins. One of a kind after the other, because the dead can't be killed. */
export class Killer {
  private readonly turns = new Map<Kill["victim"], Promise<void>>()
  private next = 0

  constructor(
    private readonly victims: Victims,
    private readonly kills: Kill[],
    private readonly dice: Dice,
    private readonly tally: Tally,
  ) {}

  onPayment(number: number): void {
    for (let kill = this.kills[this.next]; kill && kill.atPayment <= number; kill = this.kills[this.next]) {
      const nth = this.next++
      const { victim } = kill
      const turn = this.turns.get(victim) ?? Promise.resolve()
      this.turns.set(
        victim,
        turn.then(async () => {
          await this.kill(victim, nth)
          this.tally.killed[victim]++
        }),
      )
    }
  }

  /** Resolves once everything due so far has been killed. */
  async settled(): Promise<void> {
    await Promise.all(this.turns.values())
  }

  private async kill(victim: Kill["victim"], nth: number): Promise<void> {
    const { apps, workers, drivers, sql } = this.victims
    const any = this.dice.whole(0, 999, "which", nth)
    if (victim === "app") await apps[any % apps.length]?.kill()
    if (victim === "worker") await workers[any % workers.length]?.kill()
    if (victim === "driver") drivers.kill(any)
    if (victim === "connections")
      await sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> $1`,
        [CHAOS_CONNECTION],
      )
  }
}
