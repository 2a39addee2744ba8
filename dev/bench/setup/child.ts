import { type ChildProcess, fork } from "node:child_process"
import { ROOT } from "../../stack/build"

/** Another process of ours that does what it is asked, one thing after the other. */
export type Child = {
  pid: number
  ask: <Answer>(question: unknown) => Promise<Answer>
  stop: () => Promise<void>
}

/** Starts a TypeScript file. It answers each message with one message: `{ ok }` or `{ error }`. */
export function startChild(file: URL, env: Record<string, string | undefined> = {}): Child {
  const child = fork(file, [], {
    cwd: ROOT,
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  return {
    // A process that couldn't be started has none, and answers nothing either.
    pid: child.pid ?? 0,
    ask: (question) => ask(child, question),
    async stop() {
      child.kill("SIGTERM")
      await ended
    },
  }
}

function ask<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      child.off("message", onMessage)
      child.off("exit", onExit)
    }
    const onMessage = (message: unknown) => {
      leave()
      const { ok, error } = message as { ok?: Answer; error?: string }
      if (error === undefined) resolve(ok as Answer)
      else reject(new Error(error))
    }
    const onExit = () => {
      leave()
      reject(new Error("A child process of the benchmark ended early"))
    }
    child.on("message", onMessage)
    child.on("exit", onExit)
    child.send(question as object)
  })
}

/** The other side: answers every message with the result of the work. */
export function answerParent<Question>(work: (question: Question) => Promise<unknown>): void {
  process.on("message", (question) => {
    work(question as Question).then(
      (ok) => process.send?.({ ok }),
      (error: unknown) => process.send?.({ error: String(error) }),
    )
  })
  // The process that started this one is gone.
  process.on("disconnect", () => process.exit())
}
