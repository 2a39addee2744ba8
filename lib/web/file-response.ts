import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { log } from "@/lib/log"
import { FILE_TYPES, type FileFormat } from "@/lib/table-file"
import { can, type Permission } from "@/lib/teams/permissions"
import { getMembershipOfSession, type Membership } from "@/lib/teams/queries"

/** Asks whether a person may still do something in a team: with this session, in the role that they have now. */
export function stillMay(
  { team, tokenHash }: { team: Membership["team"]; tokenHash: string },
  permission: Permission,
): () => Promise<boolean> {
  return async () => {
    const asked = { tokenHash, teamSlug: team.slug, now: clock.now() }
    const session = await getMembershipOfSession(db(), asked)
    return session?.membership?.team.id === team.id && can(session.membership.member.role, permission)
  }
}

type FileToSend = {
  /** Without its ending. */
  name: string
  format: FileFormat
  /** For the log, when it breaks off. */
  what: string
  teamId: string
  /** Called once, however it ends. */
  onEnd?: () => void
}

/**
 * Answers with a file that is read as fast as the browser takes it, and no longer when the browser leaves. One that
 * breaks off has no end on the wire, so that every client calls the download failed.
 */
export function fileResponse(parts: AsyncGenerator<string>, file: FileToSend): Response {
  const { name, format, what, teamId, onEnd } = file
  const encoder = new TextEncoder()
  let hasEnded = false
  const end = () => {
    if (!hasEnded) onEnd?.()
    hasEnded = true
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await parts.next()
        if (!done) return controller.enqueue(encoder.encode(value))
        controller.close()
        end()
      } catch (error) {
        log().warn({ err: error, team: teamId }, `An export of ${what} broke off`)
        controller.error(error)
        end()
      }
    },
    async cancel() {
      end()
      await parts.return(undefined)
    },
  })
  const { ending, type } = FILE_TYPES[format]
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${name}.${ending}"`,
      "cache-control": "no-store, no-transform",
    },
  })
}
