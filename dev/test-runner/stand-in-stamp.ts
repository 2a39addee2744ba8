import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ROOT } from "../stack/build"
import { hashFiles, listFiles } from "../stack/hash-files"

const FOLDER = join(ROOT, "stand-in")
const STAMP = join(FOLDER, "checked.txt")
/** The only file outside that the stand-in imports. */
const BROWSER = join(ROOT, "dev/stack/browser.ts")
/** The packages that the stand-in imitates, and those that drive its own tests. */
const PACKAGES = ["stripe", "@stripe/stripe-js", "@stripe/react-stripe-js", "@playwright/test"]

/** Whether the stand-in's own tests have passed on exactly these files, with these versions of Stripe's packages. */
export async function isStandInChecked(): Promise<boolean> {
  const stamp = await readFile(STAMP, "utf8").catch(() => null)
  return stamp?.trim() === (await hashStandIn())
}

/** Remembers that they have passed. The file is committed together with the files it is about. */
export async function noteStandInChecked(): Promise<void> {
  await writeFile(STAMP, `${await hashStandIn()}\n`)
}

async function hashStandIn(): Promise<string> {
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string }>
  }
  const hash = createHash("sha256")
  for (const name of PACKAGES) hash.update(`${name}@${lock.packages[`node_modules/${name}`]?.version}\n`)
  const paths = (await listFiles(FOLDER)).filter((path) => !path.endsWith(".md") && path !== STAMP)
  await hashFiles(hash, ROOT, [...paths, BROWSER].sort())
  return hash.digest("hex")
}
