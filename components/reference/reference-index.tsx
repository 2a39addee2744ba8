import { Article, PageList, Section } from "@/components/reference/article"

type Page = { href: string; label: string; about: string }

type ReferenceIndexProps = { groups: { label: string; pages: Page[] }[]; frequent: Page[] }

export function ReferenceIndex({ groups, frequent }: ReferenceIndexProps) {
  return (
    <Article
      lead="How Credits bills, what the API takes and answers, and what to do when it refuses."
      title="Reference"
    >
      {groups.map(({ label, pages }) => (
        <Section id={label.toLowerCase()} key={label} title={label}>
          <PageList pages={pages} />
        </Section>
      ))}
      <Section id="frequent-errors" title="Frequent errors">
        <PageList pages={frequent} />
      </Section>
    </Article>
  )
}
