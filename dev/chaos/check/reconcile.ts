import { ROOT } from "../../stack/build"
import { startNode } from "../../stack/processes"
import type { ChaosWorld } from "../world/world"

const TSX = "node_modules/tsx/dist/cli.mjs"
/** The command's own exit codes: nothing to do, and something left for a person to look at. */
const ENDED = [0, 2]

/** Runs `npm run reconcile` once, as an operator would. Returns what it printed. */
export async function reconcile({ env }: Pick<ChaosWorld, "env">): Promise<string[]> {
  const printed: string[] = []
  const command = startNode({
    name: "reconcile",
    args: [TSX, "lib/jobs/reconcile-command.ts"],
    env: { ...env, NODE_ENV: "production", LOG_LEVEL: "silent" },
    cwd: ROOT,
    onLine: (line) => void printed.push(line),
  })
  const code = await command.ended
  if (!ENDED.includes(code)) throw new Error(`The reconciliation failed:\n${printed.join("\n")}`)
  return printed
}
