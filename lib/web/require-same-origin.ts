import { headers } from "next/headers"
import { env } from "@/lib/env"
import { ForbiddenError } from "@/lib/errors"
import { noteActionBegun } from "./action-run"
import { isSameOrigin } from "./same-origin"

/** For actions that anybody may call, such as signing in: throws unless one of our own pages calls. */
export async function requireSameOrigin(): Promise<void> {
  noteActionBegun()
  if (!isSameOrigin(await headers(), env().APP_URL))
    throw new ForbiddenError("Open the page again, then retry.")
}
