import { readTokenHash } from "@/lib/auth/session"
import { fromPublicId } from "@/lib/ids"
import { can } from "@/lib/teams/permissions"
import { requestAddress } from "@/lib/web/request-address"
import { getViewer } from "@/lib/web/require-member"
import { preparedFile } from "@/lib/web/transactions-file"

type Props = { params: Promise<{ team: string }> }

/** A prepared export, for 24 hours and with the secret of its link. For everybody else there is no such file. */
export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  const tokenHash = await readTokenHash()
  const { searchParams } = new URL(request.url)
  const exportId = fromPublicId("exp", searchParams.get("id") ?? "")
  const file =
    viewer && tokenHash && exportId && can(viewer.member.role, "records:export")
      ? await preparedFile(
          { viewer, tokenHash, address: await requestAddress() },
          { exportId, token: searchParams.get("key") ?? "" },
        )
      : null
  return file ?? new Response("There is no such file.\n", { status: 404 })
}
