import { existsSync } from "node:fs"

/** Reads `.env` as Next does for the app, for the processes that run without Next. What is set already stays. */
export function loadEnvFile(): void {
  if (existsSync(".env")) process.loadEnvFile(".env")
}
