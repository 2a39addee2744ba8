import { type RunningProcess, waitUntilReady } from "../../stack/processes"

const AGAIN_MS = 300

/** A process that is started again whenever it ends, as a supervisor would. */
export class Kept {
  /** How often it ended without having been killed here. */
  endedByItself = 0
  private running: RunningProcess
  private startedAt = performance.now()
  private isStopped = false
  private isBeingKilled = false

  constructor(
    private readonly start: () => RunningProcess,
    first: RunningProcess,
    /** The address where it answers once it is ready. Null: it counts as ready after a while. */
    private readonly address: string | null,
  ) {
    this.running = first
    this.watch()
  }

  /** Kills it in the middle of its work, once it has begun some. */
  async kill(): Promise<void> {
    await this.untilReady()
    this.isBeingKilled = true
    const killed = this.running
    await killed.stop("SIGKILL")
    while (this.running === killed) await new Promise((resume) => setTimeout(resume, 20))
  }

  async untilReady(): Promise<void> {
    while (!this.isStopped) {
      const { running } = this
      if (this.address === null) {
        const youngMs = READY_AFTER_MS - (performance.now() - this.startedAt)
        if (youngMs <= 0) return
        await new Promise((resume) => setTimeout(resume, youngMs))
      } else if (await waitUntilReady(this.address, running).then(isTrue, () => false)) return
    }
  }

  stop(): void {
    this.isStopped = true
  }

  private watch(): void {
    const watched = this.running
    void watched.ended.then(async () => {
      if (this.isStopped) return
      if (!this.isBeingKilled) {
        this.endedByItself++
        await new Promise((resume) => setTimeout(resume, AGAIN_MS))
        if (this.isStopped) return
      }
      this.isBeingKilled = false
      this.running = this.start()
      this.startedAt = performance.now()
      this.watch()
    })
  }
}

const READY_AFTER_MS = 2_500
const isTrue = () => true
