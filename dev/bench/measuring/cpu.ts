import { readdirSync, readFileSync } from "node:fs"

const TICKS_PER_SECOND = 100

/**
 * Returns the processor time, in seconds, that a process and those it started have taken so far. Other work on the
 * machine changes how long something takes, but hardly what it costs. NaN where /proc doesn't say.
 */
export function cpuSecondsOf(pid: number): number {
  try {
    const all = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readStat(name))
    const tree = new Set([pid])
    // Parents may come after their children in the list.
    for (let size = 0; size !== tree.size; ) {
      size = tree.size
      for (const each of all) if (tree.has(each.parent)) tree.add(each.pid)
    }
    return all.filter((each) => tree.has(each.pid)).reduce((sum, { seconds }) => sum + seconds, 0)
  } catch {
    return Number.NaN
  }
}

function readStat(name: string): { pid: number; parent: number; seconds: number }[] {
  try {
    // The name in the second field may hold spaces; after its closing bracket come state and parent.
    const fields = readFileSync(`/proc/${name}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number)
    // Its own time and that of its ended children.
    const ticks = [fields[11], fields[12], fields[13], fields[14]].reduce<number>(
      (sum, n) => sum + (n ?? 0),
      0,
    )
    return [{ pid: Number(name), parent: fields[1] ?? 0, seconds: ticks / TICKS_PER_SECOND }]
  } catch {
    // It has ended in the meantime.
    return []
  }
}
