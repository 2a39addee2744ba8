import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "@/dev/stack/build"

const FILES = readdirSync(join(ROOT, "app/[team]"), { recursive: true, encoding: "utf8" })

/** The paths of all pages that a team has; what a page is about isn't there. */
export function teamPages(slug: string): string[] {
  return FILES.filter((file) => file.endsWith("page.tsx")).map((file) =>
    `/${slug}/${file}`.replace(/\/page\.tsx$/, "").replace(/\[\w+\]/, "of_nobody"),
  )
}
