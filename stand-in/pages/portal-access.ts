import type { Context } from "hono"
import { type OpenPortal, openPortal } from "../billing/portal-session"
import type { World } from "../world/world"

export type NotFound = (c: Context, what: string) => Response | Promise<Response>
type Handler = (portal: OpenPortal, path: string) => Response | Promise<Response>

/** How a page of the portal is entered and left. */
export interface PortalAccess {
  /** Runs only while the link is open. */
  inside: (c: Context, run: Handler) => Response | Promise<Response>
  /** Leads to where the session's flow ends, or to the portal's first page. */
  done: (c: Context, portal: OpenPortal, path: string) => Response
  notFound: NotFound
}

export const GONE = "This portal link has expired. Go back and open it again."

export function portalAccess(world: World, notFound: NotFound): PortalAccess {
  return {
    notFound,
    inside(c, run) {
      const secret = c.req.param("secret") ?? ""
      const portal = openPortal(world, secret)
      c.header("x-frame-options", "DENY")
      return portal ? run(portal, `/p/session/${secret}`) : notFound(c, GONE)
    },
    done(c, { session }, path) {
      const redirect = session.flow?.after_completion.redirect?.return_url
      return c.redirect(redirect ?? `${path}?home`, 303)
    },
  }
}
