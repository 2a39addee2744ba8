import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "@/dev/stack/build"

const FILES = readdirSync(join(ROOT, "app/[team]"), { recursive: true, encoding: "utf8" })

/** Returns the paths of all pages of a team. The objects in the paths don't exist. */
export function teamPages(slug: string): string[] {
  return FILES.filter((file) => file.endsWith("page.tsx")).map((file) =>
    `/${slug}/${file}`.replace(/\/page\.tsx$/, "").replace(/\[\w+\]/, "of_nobody"),
  )
}
