import { randomBytes } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { freePort } from "../stack/ports"

/** Settings that stay the same from one run of a demo to the next. */
export type DemoSettings = {
  postgresPassword: string
  authSecret: string
  webhookSecret: string
  /** Null until the demo's team exists, because a key names its team. */
  apiKey: string | null
  stripePort: number
}

/** Returns the settings of the demo in this folder, made on its first run. */
export async function readSettings(dataDir: string): Promise<DemoSettings> {
  const path = join(dataDir, "settings.json")
  try {
    await makeFolder(dataDir)
    if (existsSync(path)) return JSON.parse(await readFile(path, "utf8")) as DemoSettings
    const secret = () => randomBytes(24).toString("base64url")
    const settings: DemoSettings = {
      postgresPassword: secret(),
      authSecret: secret() + secret(),
      webhookSecret: `whsec_${secret()}`,
      apiKey: null,
      stripePort: await freePort(),
    }
    await writeSettings(dataDir, settings)
    return settings
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? "its settings.json is damaged" : String((error as Error).message)
    throw new Error(
      `The data folder ${dataDir} can't be used: ${reason}. Choose another with DEMO_DATA_DIR, or start afresh with: npm run demo -- --reset`,
    )
  }
}

export async function writeSettings(dataDir: string, settings: DemoSettings): Promise<void> {
  const path = join(dataDir, "settings.json")
  // If the demo is stopped meanwhile, the file has the old settings or the new ones, never half of them.
  await writeFile(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Removes what a demo keeps in its folder. Refuses a folder that isn't a demo's, and one that is in use. */
export async function resetData(dataDir: string): Promise<void> {
  const ours = ["postgres", "stripe", "settings.json", "settings.json.new", "demo.json"].map((name) =>
    join(dataDir, name),
  )
  if (!ours.some((path) => existsSync(path))) return
  if (!existsSync(join(dataDir, "settings.json")))
    throw new Error(`${dataDir} is not a demo's folder, so nothing in it was removed.`)
  if (isServerRunning(join(dataDir, "postgres", "postmaster.pid")))
    throw new Error(`A demo is running on ${dataDir}. Stop it before you reset it.`)
  for (const path of ours) await rm(path, { recursive: true, force: true })
}

function isServerRunning(pidFile: string): boolean {
  try {
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** One level at a time: where a folder can't be made, as under /proc, Node's own recursion may never end. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolder(dirname(path))
  await mkdir(path)
}
