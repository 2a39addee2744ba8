import { defineConfig } from "prisma/config"

export default defineConfig({
  schema: "prisma/schema",
  migrations: { path: "prisma/migrations" },
  // Only Prisma's own `migrate` commands read it; the application connects through lib/db.
  datasource: { url: process.env.DATABASE_URL ?? "" },
})
