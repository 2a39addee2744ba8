import { readFileSync } from "node:fs"

const CHECK_INTERVAL_MS = 1_000

/**
 * Calls back when the shell that npm used to start this process is gone. A signal to npm ends that shell but doesn't
 * reach us, and nobody could stop us any more. Watches nothing where /proc doesn't tell who started whom.
 */
export function watchLauncher(onGone: () => void): void {
  // The TypeScript runner is between the shell and this process.
  const launcher = parentOf(process.ppid)
  if (launcher === null || launcher <= 1) return
  const timer = setInterval(() => {
    if (parentOf(process.ppid) === launcher) return
    clearInterval(timer)
    onGone()
  }, CHECK_INTERVAL_MS)
  timer.unref()
}

function parentOf(pid: number): number | null {
  try {
    // The name in the second field may hold spaces; after its closing bracket come state and parent.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
    return Number(parent)
  } catch {
    return null
  }
}
