import { type ChildProcess, fork } from "node:child_process"
import { afterEach } from "vitest"
import { ROOT } from "../../stack/build"

/** Starts TypeScript files in separate processes with the present environment, and kills them after each test. */
export function testProcesses() {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL")
  })
  return {
    /** Resolves with the process and its first message. */
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

/** Kills a process without warning and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGKILL")
  await ended
}
