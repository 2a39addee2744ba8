import { readTokenHash } from "@/lib/auth/session"
import { parseExport } from "@/lib/billing-page/export-choice"
import { can } from "@/lib/teams/permissions"
import { requestAddress } from "@/lib/web/request-address"
import { getViewer } from "@/lib/web/require-member"
import { transactionsFile } from "@/lib/web/transactions-file"

type Props = { params: Promise<{ team: string }> }

/** A pool's transactions as a file, for the filter in the address. For everybody else there is no such file. */
export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  const tokenHash = await readTokenHash()
  const choice = parseExport(new URL(request.url).searchParams)
  const file =
    viewer && tokenHash && choice && can(viewer.member.role, "records:export")
      ? await transactionsFile({ viewer, tokenHash, address: await requestAddress() }, choice)
      : null
  return file ?? new Response("There is no such file.\n", { status: 404 })
}
