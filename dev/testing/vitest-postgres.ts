import { chmod, mkdtemp, rm, statfs } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { migrate } from "@/prisma/migrate"
import { startPostgres } from "../stack/postgres"
import { TEMPLATE_DATABASE } from "./database"

/**
 * Starts one PostgreSQL for all tests, with a migrated template. `npm test` starts it once and passes it in
 * TEST_POSTGRES_URL; without that, as when a test is run by hand, it is started here.
 */
export async function startTestPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(await scratchFolder(), "credits-test-"))
  // Under root, PostgreSQL runs as another user, who must be able to reach the folder.
  await chmod(dataDir, 0o755)
  const server = await startPostgres({
    dataDir: join(dataDir, "postgres"),
    password: "test",
    throwAway: true,
  })
  await server.ensureDatabase(TEMPLATE_DATABASE)
  await migrate(server.url(TEMPLATE_DATABASE))
  return {
    url: server.url("postgres"),
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const SHARED_MEMORY = "/dev/shm"
const NEEDED_BYTES = 4 * 1024 ** 3

/**
 * Returns where the data lie best: in memory, if there is room. Each test file copies a database of four hundred files, which
 * takes thirty times as long on a disk.
 */
async function scratchFolder(): Promise<string> {
  const memory = await statfs(SHARED_MEMORY).catch(() => null)
  return memory && memory.bavail * memory.bsize >= NEEDED_BYTES ? SHARED_MEMORY : tmpdir()
}

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined
  const server = await startTestPostgres()
  process.env.TEST_POSTGRES_URL = server.url
  return server.stop
}
