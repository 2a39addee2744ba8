import { existsSync } from "node:fs"

/** Reads `.env`, as Next does for the app, in processes that run without Next. Variables that are already set stay. */
export function loadEnvFile(): void {
  if (existsSync(".env")) process.loadEnvFile(".env")
}
