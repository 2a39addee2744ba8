"use client"

import { ActionButton } from "@/components/ui/action-button"
import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { Notice } from "@/components/ui/notice"
import { Time } from "@/components/ui/time"
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "@/lib/notifications/types"
import { ChangeEventsButton } from "./change-events-button"
import { ReplaceSecretButton } from "./replace-secret-button"
import { byWhom, type EndpointActions, type EndpointEntry, STATE_WORDS } from "./webhook-types"

type EndpointCardProps = {
  endpoint: EndpointEntry & { failingSince: string | null; bothSignUntil: string | null; createdAt: string }
  actions: EndpointActions
  listHref: string
  now: string
}

export function EndpointCard({ endpoint, actions, listHref, now }: EndpointCardProps) {
  const { id: endpointId, url, types, state, failingSince, bothSignUntil, createdAt, createdBy } = endpoint
  const isOn = !state.startsWith("off_")
  return (
    <Card labelledBy="endpoint-title">
      <CardHeader action={<Badge tone={STATE_WORDS[state].tone}>{STATE_WORDS[state].word}</Badge>}>
        <CardTitle id="endpoint-title">Endpoint</CardTitle>
      </CardHeader>
      <CardSection>
        <p className="wrap-anywhere">{url}</p>
        <p className="text-caption text-muted">
          Created <Time iso={createdAt} now={now} />
          {createdBy && <span className="wrap-anywhere"> {byWhom(createdBy)}</span>}
        </p>
        {state === "failing" && failingSince && (
          <div className="mt-4">
            <Notice tone="warning">
              Nothing has reached it since <Time iso={failingSince} now={now} />. Events are tried again for
              27 hours each; after five days it is turned off.
            </Notice>
          </div>
        )}
        {state === "slow" && (
          <div className="mt-4">
            <Notice tone="warning">
              It takes more than 5 seconds to answer. Until it is faster, events are sent one at a time, with
              pauses.
            </Notice>
          </div>
        )}
        {state === "off_gone" && (
          <div className="mt-4">
            <Notice tone="warning">It answered that it is gone, so nothing is sent to it any more.</Notice>
          </div>
        )}
        {state === "off_failing" && (
          <div className="mt-4">
            <Notice tone="warning">Nothing had reached it for five days, so it was turned off.</Notice>
          </div>
        )}
        <div className="mt-4 flex flex-wrap items-center gap-2">
          {isOn && (
            <ActionButton
              done="A test event is on its way."
              problemClassName="basis-full"
              run={() => actions.sendTest({ endpointId })}
              size="small"
              unreachable="The test event couldn’t be sent. Check your connection, then try again."
            >
              Send test event
            </ActionButton>
          )}
          <ActionButton
            problemClassName="basis-full"
            run={() => actions.setEnabled({ endpointId, enabled: !isOn })}
            size="small"
            unreachable="It couldn’t be changed. Check your connection, then try again."
          >
            {isOn ? "Turn off" : "Turn on"}
          </ActionButton>
          <ConfirmButton
            confirm={() => actions.remove({ endpointId })}
            confirmLabel="Remove endpoint"
            done="The endpoint is removed."
            label="Remove"
            nextHref={listHref}
            title="Remove this endpoint?"
            unreachable="It couldn’t be removed. Check your connection, then try again."
          >
            <p>Nothing is sent to it any more, and its log can no longer be seen. This can’t be undone.</p>
          </ConfirmButton>
        </div>
      </CardSection>
      <CardSection
        action={
          <ChangeEventsButton
            saveTypes={(chosen) => actions.saveTypes({ endpointId, types: chosen })}
            types={types}
          />
        }
        divided
        title="Events"
      >
        <p className="text-muted">
          {types.length === NOTIFICATION_TYPES.length
            ? "All events."
            : `${types.map((type) => NOTIFICATIONS[type].name).join(", ")}.`}
        </p>
      </CardSection>
      <CardSection
        action={<ReplaceSecretButton rotate={() => actions.rotateSecret({ endpointId })} />}
        divided
        title="Signing secret"
      >
        <p className="text-muted">
          {bothSignUntil ? (
            <>
              Replaced. Until <Time iso={bothSignUntil} now={now} /> events are signed with both secrets.
            </>
          ) : (
            "Shown once, when it was made. Anyone who has it can make events that look like ours."
          )}
        </p>
      </CardSection>
    </Card>
  )
}
