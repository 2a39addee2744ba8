import { DeleteAccountCard } from "@/components/account/delete-account-card"
import { DisplayCard } from "@/components/account/display-card"
import { ProfileCard } from "@/components/account/profile-card"
import { PageHeader } from "@/components/shell/page-header"
import { getProfile, listOwnedTeams } from "@/lib/account/queries"
import { canMail } from "@/lib/mail/send-mail"
import { TIME_ZONES } from "@/lib/time-zone"
import { pageCtx } from "@/lib/web/page-ctx"
import { browserZone } from "@/lib/web/readers-now"
import { cancelEmailChange, deleteAccount, renamePerson, requestEmailChange, saveDisplay } from "./actions"

/** One person's own settings, for a page in the shell of a team and for the page without one. */
export async function OwnAccount({ userId, trail }: { userId: string; trail?: string[] }) {
  const ctx = pageCtx()
  const [profile, ownedTeams] = await Promise.all([getProfile(ctx, userId), listOwnedTeams(ctx.db, userId)])
  const { name, email, pendingEmail, display } = profile
  return (
    <>
      <PageHeader description="The same in all your teams." title="Profile" trail={trail} />
      <div className="flex flex-col gap-6">
        <ProfileCard
          cancelEmailChange={cancelEmailChange}
          canMail={canMail()}
          email={email}
          name={name}
          pendingEmail={pendingEmail}
          renamePerson={renamePerson}
          requestEmailChange={requestEmailChange}
        />
        <DisplayCard
          browserZone={await browserZone()}
          display={display}
          saveDisplay={saveDisplay}
          timeZones={TIME_ZONES}
        />
        <DeleteAccountCard deleteAccount={deleteAccount} email={email} ownedTeams={ownedTeams} />
      </div>
    </>
  )
}
