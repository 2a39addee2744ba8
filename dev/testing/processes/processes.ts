import { type ChildProcess, fork } from "node:child_process"
import { afterEach } from "vitest"
import { ROOT } from "../../stack/build"

/** Starts TypeScript files in processes of their own, with the environment as it is now; after each test they are killed. */
export function testProcesses() {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL")
  })
  return {
    /** Resolves with the process and the first thing that it says. */
    start<Said>(file: string): Promise<{ child: ChildProcess; said: Said }> {
      const child = fork(file, { cwd: ROOT, execArgv: ["--import", "tsx"], env: process.env })
      children.push(child)
      return new Promise((resolve, reject) => {
        child.once("message", (said) => resolve({ child, said: said as Said }))
        child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)))
      })
    },
  }
}

/** Kills a process as nobody can prepare for, and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGKILL")
  await ended
}
