import type { Hash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** Returns the paths of all files in a folder and its folders. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Adds each file, named as it lies in the folder, in the given order. */
export async function hashFiles(hash: Hash, folder: string, paths: string[]): Promise<void> {
  for (const path of paths) hash.update(path.slice(folder.length)).update(await readFile(path))
}
