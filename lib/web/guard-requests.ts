import type { IncomingMessage, ServerResponse } from "node:http"
import { actionRuns } from "./action-run"
import { type Fault, findFault } from "./find-fault"
import type { Guard } from "./guard-servers"
import { refusalHeaders } from "./refusal-headers"

/** Passes on well-formed requests and refuses the rest, some of which Next would answer with 500. */
export function guardRequests(appUrl: string): Guard {
  return (next) => (request, response) => {
    const fault = findFault(request, appUrl)
    if (fault) return refuse(response, fault, appUrl)
    if (request.method !== "POST") return next(request, response)
    const run = { hasBegun: false }
    blameSender(response, () => !run.hasBegun && isAction(request))
    actionRuns().run(run, next, request, response)
  }
}

function refuse(response: ServerResponse, { status, sentence, allow }: Fault, appUrl: string): void {
  response.writeHead(status, { ...refusalHeaders(appUrl), ...(allow !== undefined && { allow }) })
  response.end(`${sentence}\n`)
}

/** Next answers 500 when it can't read the input of an action. An action that has begun answers for itself. */
function blameSender(response: ServerResponse, isUnread: () => boolean): void {
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  response.writeHead = ((status: number, ...rest: unknown[]) =>
    writeHead(status === 500 && isUnread() ? 400 : status, ...rest)) as typeof response.writeHead
}

function isAction({ headers }: IncomingMessage): boolean {
  return (
    headers["next-action"] !== undefined || /^multipart\/form-data\b/i.test(headers["content-type"] ?? "")
  )
}
