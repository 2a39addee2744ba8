import { parseFilter } from "@/lib/audit-log/filter"
import { readTokenHash } from "@/lib/auth/session"
import { can } from "@/lib/teams/permissions"
import { auditCsv } from "@/lib/web/audit-csv"
import { getViewer } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string }> }

/** The audit log as CSV, for the filter in the address. For everybody else there is no such file. */
export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  const tokenHash = await readTokenHash()
  const { searchParams } = new URL(request.url)
  const names = [...new Set(searchParams.keys())]
  const filter = parseFilter(
    Object.fromEntries(names.map((name) => [name, oneOrAll(searchParams.getAll(name))])),
  )
  if (!viewer || !tokenHash || !filter || !can(viewer.member.role, "audit-log:view"))
    return new Response("There is no such file.\n", { status: 404 })
  return auditCsv({ team: viewer.team, tokenHash }, filter)
}

const oneOrAll = (values: string[]) => (values.length === 1 ? values[0] : values)
