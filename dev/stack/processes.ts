import { type ChildProcess, spawn } from "node:child_process"

export type RunningProcess = {
  name: string
  pid: number
  /** Resolves with the exit code, however it ends. */
  ended: Promise<number>
  /** The last lines it printed, to explain why it ended. */
  lastLines: () => string[]
  stop: (signal?: "SIGTERM" | "SIGKILL") => Promise<void>
}

type Options = {
  name: string
  args: string[]
  env: Record<string, string | undefined>
  cwd?: string
  onLine?: (line: string) => void
}

const GRACE_MS = 8_000
const KEPT_LINES = 20

/** Starts a Node process of the product. `stop` ends it politely, and by force after a while. */
export function startNode({ name, args, env, cwd, onLine }: Options): RunningProcess {
  // In its own process group, so that Ctrl-C reaches only the process that started it and we decide the order of
  // stopping.
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const kept: string[] = []
  const keep = (line: string) => {
    kept.push(line)
    if (kept.length > KEPT_LINES) kept.shift()
    onLine?.(line)
  }
  for (const stream of [child.stdout, child.stderr]) readLines(stream, keep)
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1))
    child.once("error", () => resolve(1))
  })
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    lastLines: () => kept,
    stop: (signal = "SIGTERM") => stop(child, ended, signal),
  }
}

async function stop(
  child: ChildProcess,
  ended: Promise<number>,
  signal: "SIGTERM" | "SIGKILL",
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  signalGroup(child, signal)
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS)
  await ended
  clearTimeout(timer)
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended in the meantime.
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ""
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) onLine(line)
  })
  stream.on("end", () => rest && onLine(rest))
}

/** Waits until an address answers with success. Throws when the process ends or the time is up. */
export async function waitUntilReady(
  url: string,
  running: RunningProcess,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let hasEnded = false
  void running.ended.then(() => {
    hasEnded = true
  })
  while (Date.now() < deadline) {
    if (hasEnded) throw new Error(`${running.name} ended before it was ready: ${reasonOf(running)}`)
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${running.name} was not ready within ${timeoutMs / 1000} seconds`)
}

/** Returns a process's last words that aren't a banner. */
function reasonOf(running: RunningProcess): string {
  const words = running.lastLines().filter((line) => line.trim() !== "" && !/^[▲✓-] /.test(line.trim()))
  return words.at(-1) ?? "it said nothing"
}
