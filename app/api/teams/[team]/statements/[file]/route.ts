import { statementFile } from "@/lib/web/statement-file"

type Props = { params: Promise<{ team: string; file: string }> }

/** A statement as `2026-11.pdf` or `2026-11.csv`. For everybody else there is no such file. */
export async function GET(_request: Request, { params }: Props) {
  const { team, file } = await params
  return (await statementFile(team, file)) ?? new Response("There is no such file.\n", { status: 404 })
}
