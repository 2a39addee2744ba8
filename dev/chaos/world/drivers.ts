import { type ChildProcess, fork } from "node:child_process"
import { ROOT } from "../../stack/build"
import type { Order, Reply } from "./driver"

/** A driver's answer, or that it was killed meanwhile. */
export type Heard = Reply | { again: "killed" }

type Env = Record<string, string | undefined>

class Driver {
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, (heard: Heard) => void>()
  private next = 0
  private sayReady: () => void = () => undefined
  readonly ready = new Promise<void>((resolve) => {
    this.sayReady = resolve
  })

  constructor(env: Env, onLine: (line: string) => void) {
    this.child = fork(new URL("./driver.ts", import.meta.url), [], {
      cwd: ROOT,
      execArgv: ["--import", "tsx"],
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => onLine(chunk.toString().trimEnd()))
    this.child.on("message", (message) => {
      const { id, ...answer } = message as { id?: number } & Reply
      if (id === undefined) return this.sayReady()
      this.waiting.get(id)?.(answer)
      this.waiting.delete(id)
    })
    this.child.once("exit", () => this.giveUp())
  }

  ask(order: Order): Promise<Heard> {
    return new Promise((resolve) => {
      const id = this.next++
      if (!this.child.connected) return resolve({ again: "killed" })
      this.waiting.set(id, resolve)
      this.child.send({ id, order }, (error) => error && this.giveUp())
    })
  }

  kill(): void {
    this.child.kill("SIGKILL")
  }

  private giveUp(): void {
    for (const resolve of this.waiting.values()) resolve({ again: "killed" })
    this.waiting.clear()
  }
}

/** Several drivers. A killed one is replaced at once. */
export class Drivers {
  private readonly drivers: Driver[]

  constructor(
    count: number,
    private readonly env: Env,
    private readonly onLine: (line: string) => void,
  ) {
    this.drivers = Array.from({ length: count }, () => new Driver(env, onLine))
  }

  async untilReady(): Promise<void> {
    await Promise.all(this.drivers.map(({ ready }) => ready))
  }

  /** Orders with neighbouring numbers go to different drivers. */
  ask(order: Order, number: number): Promise<Heard> {
    const driver = this.drivers[number % this.drivers.length]
    return driver ? driver.ask(order) : Promise.resolve({ again: "killed" })
  }

  kill(number: number): void {
    const at = number % this.drivers.length
    this.drivers[at]?.kill()
    this.drivers[at] = new Driver(this.env, this.onLine)
  }

  stop(): void {
    for (const driver of this.drivers) driver.kill()
  }
}
