import type { Metadata } from "next"
import { can, type Permission } from "@/lib/teams/permissions"
import { getViewer } from "./require-member"

export const NOT_FOUND_TITLE = "Not found"

type Props = { params: Promise<{ team: string }> }

/**
 * Makes the `generateMetadata` of a team's page. Readers who may not see the page get the title of its 404: a page's
 * own title would tell a stranger that the team exists.
 */
export function teamTitle(title: string, permission: Permission) {
  return async ({ params }: Props): Promise<Metadata> => {
    const viewer = await getViewer((await params).team)
    const maySee = viewer !== null && can(viewer.member.role, permission)
    return { title: maySee ? title : NOT_FOUND_TITLE }
  }
}
