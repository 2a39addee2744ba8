import type { CancelEmailChange, RenamePerson, RequestEmailChange } from "@/components/account/account-types"
import { EmailForm } from "@/components/account/email-form"
import { NameForm } from "@/components/account/name-form"
import { PendingEmail } from "@/components/account/pending-email"
import { Card, CardSection } from "@/components/ui/card"

type ProfileCardProps = {
  /** Empty for a person who has given none. */
  name: string
  email: string
  /** The address that waits to be confirmed. */
  pendingEmail: string | null
  /** Whether an address can be confirmed here. */
  canMail: boolean
  renamePerson: RenamePerson
  requestEmailChange: RequestEmailChange
  cancelEmailChange: CancelEmailChange
}

export function ProfileCard(props: ProfileCardProps) {
  const { name, email, pendingEmail, canMail, renamePerson, requestEmailChange, cancelEmailChange } = props
  return (
    <Card>
      <CardSection>
        <NameForm name={name} renamePerson={renamePerson} />
      </CardSection>
      <CardSection className="flex flex-col gap-4" divided>
        {canMail ? (
          <EmailForm email={email} key={email} requestEmailChange={requestEmailChange} />
        ) : (
          <div>
            <p className="text-caption font-medium">Email</p>
            <p className="mt-1 wrap-anywhere">{email}</p>
          </div>
        )}
        {pendingEmail && <PendingEmail cancelEmailChange={cancelEmailChange} email={pendingEmail} />}
      </CardSection>
    </Card>
  )
}
