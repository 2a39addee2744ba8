import Form from "next/form"
import { Button } from "@/components/ui/button"
import { TextInput } from "@/components/ui/field"
import { LinkButton } from "@/components/ui/link-button"

/** Changes the page's address, so that what was found can be shared and gone back to. */
export function MemberSearch({ path, text }: { path: string; text: string }) {
  return (
    <Form action={path} className="mb-5 flex gap-3" role="search">
      <label className="sr-only" htmlFor="member-search">
        Name or email
      </label>
      <TextInput
        autoComplete="off"
        className="min-w-0 flex-1"
        defaultValue={text}
        id="member-search"
        // Another search begins with its own text.
        key={text}
        maxLength={100}
        name="search"
        placeholder="Name or email"
        type="search"
      />
      <Button type="submit">Search</Button>
      {text && <LinkButton href={path}>Clear</LinkButton>}
    </Form>
  )
}
