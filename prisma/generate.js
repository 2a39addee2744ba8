import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"

// The client needs no engine, but `prisma generate` wants to download one. Any executable in its place prevents that,
// and generation never calls it.
const cli = createRequire(import.meta.url).resolve("prisma/build/index.js")
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "generate"], {
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  encoding: "utf8",
})
if (status !== 0) {
  console.error(stdout, stderr)
  process.exit(status ?? 1)
}
